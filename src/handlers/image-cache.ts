// What the handlers derived from one image of the metadata, kept until there is another one.
import type { MetadataImage } from '../controller/image.ts'

export interface ImageCache {
  /** The live broker ids on one listener: Metadata asks for them once per partition. */
  liveIds: {
    readonly image: MetadataImage | null
    readonly listener: string
    readonly ids: ReadonlySet<number>
  }
  /** Metadata of all topics, as it was answered last, by what was asked and told. */
  metadata: { readonly image: MetadataImage | null; readonly replies: Map<string, object> }
}

export function imageCache(): ImageCache {
  return {
    liveIds: { image: null, listener: '', ids: new Set() },
    metadata: { image: null, replies: new Map() },
  }
}

// How figures are written: three significant digits where that is enough, the same everywhere.

export function number(value: number, digits?: number): string {
  if (digits !== undefined) return grouped(value.toFixed(digits))
  const size = Math.abs(value)
  if (size >= 100) return grouped(value.toFixed(0))
  if (size >= 10) return value.toFixed(1)
  if (size >= 1) return value.toFixed(2)
  return value.toFixed(3)
}

function grouped(text: string): string {
  const [whole, part] = text.split('.')
  const spaced = whole!.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
  return part === undefined ? spaced : `${spaced}.${part}`
}

/** A ratio to Apache Kafka, so that the reader need not divide: "1/31" is easier than "0.032". */
export function ratio(value: number): string {
  if (value < 0.3) return `1/${(1 / value).toFixed(1 / value < 10 ? 1 : 0)}`
  return `${value.toFixed(2)} x`
}

// Paths of the FileSystem seam: '/' between names, on every platform. Knows no file system.

export function join(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`
}

/** The directory a path is in: '.' for a bare name, '/' for what stands at the root. */
export function parentOf(path: string): string {
  const cut = path.lastIndexOf('/')
  if (cut < 0) return '.'
  return cut === 0 ? '/' : path.slice(0, cut)
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

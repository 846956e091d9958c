declare module 'fs-native-extensions' {
  /** Takes the system's exclusive lock on an open file without waiting; false when another holds it. */
  export function tryLock(fd: number): boolean
}

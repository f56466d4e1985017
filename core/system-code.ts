// The short code of an error that Node or the system raised: ENOENT, ECONNREFUSED, an exit status. Never its message,
// which may quote a path, a command or a value.

/** The `code` member of a thrown value, or null. Works across realms, where `instanceof Error` does not. */
export function systemCodeOf(thrown: unknown): string | number | null {
  if (thrown === null || typeof thrown !== 'object' || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' || typeof thrown.code === 'number' ? thrown.code : null;
}

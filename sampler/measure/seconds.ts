// Times of day and intervals as numbers of seconds, whatever their spelling: one day and 24 hours are one number.

/** SQL of the seconds as a numeric; a time with a zone is taken to UTC first, and infinite intervals stay infinite. */
export function epochOf(value: string): string {
  // Before server 14 extract gave a double.
  return `extract(epoch from ${value})::numeric`;
}

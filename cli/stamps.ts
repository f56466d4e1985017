// Days and moments as they stand in file names, UTC.

/** `20260131`. */
export function formatDayStamp(moment: Date): string {
  return moment.toISOString().slice(0, 10).replaceAll('-', '');
}

/** `20260131T235959Z`. */
export function formatTimeStamp(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

// What recognises one kind of personal or secret text. Shared by the gate of packs and by the masked road; it says what was found,
// never the text itself.

/** Recognises one kind of thing in a text. Must be linear in the text's length: the text may be hostile. */
export interface Detector {
  /** What it recognises, as a noun: `a mail address`. */
  readonly what: string;
  readonly isIn: (text: string) => boolean;
}

/** The nouns of the detectors that recognise something in the text. */
export function detect(text: string, detectors: readonly Detector[]): string[] {
  return detectors.filter((detector) => detector.isIn(text)).map((detector) => detector.what);
}

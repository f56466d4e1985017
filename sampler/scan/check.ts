// What a check of the gate is: one line of the report, and a function from the scanned document to its findings. A finding
// names a place and a reason and never the text found: the report must be safe to paste into a ticket.
import { type Detector, detect } from '../../core/detectors/detector.ts';
import type { ScannedDocument, ScannedString } from './document.ts';
import { describePath } from './paths.ts';

export interface Finding {
  readonly path: string;
  readonly reason: string;
}

export interface Check {
  /** The line printed after the mark. */
  readonly name: string;
  readonly run: (document: ScannedDocument) => Finding[];
}

/** A check that runs detectors over every string and key that is not exempt by its place. */
export function textCheck(name: string, detectors: readonly Detector[]): Check {
  return { name, run: (document) => findTexts(document, (text) => detect(text, detectors)) };
}

/** One finding for each string of the document and each noun that `nounsOf` gives for its readings. */
export function findTexts(document: ScannedDocument, nounsOf: (text: string) => readonly string[]): Finding[] {
  // The same few keywords and names stand in thousands of places.
  const known = new Map<string, readonly string[]>();
  const lookUp = (text: string): readonly string[] => {
    const nouns = known.get(text) ?? nounsOf(text);
    known.set(text, nouns);
    return nouns;
  };
  return document.strings.flatMap((string) => {
    const nouns = new Set(string.readings.flatMap((reading) => [...lookUp(reading)]));
    return [...nouns].map((noun) => ({
      path: pathOf(document, string),
      reason: `${string.isKey ? 'the key' : 'it'} holds ${noun}`,
    }));
  });
}

/** Where the string stands, safe to print. */
export function pathOf(document: ScannedDocument, string: ScannedString): string {
  return describePath(document.value, string.path);
}

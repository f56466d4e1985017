// Names, labels and keywords are short; what is longer is somebody's text.
import { type Check, pathOf } from '../check.ts';

const MAX_LENGTH = 100;

export const messageContent: Check = {
  name: 'No message content present',
  run: (document) =>
    document.strings
      .filter((string) => string.text.length > MAX_LENGTH)
      .map((string) => ({
        path: pathOf(document, string),
        reason: `${string.isKey ? 'the key' : 'it'} has ${string.text.length} characters; at most ${MAX_LENGTH} are allowed`,
      })),
};

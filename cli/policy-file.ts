// The policy file of sample and scan; without one, a policy that declares nothing.
import path from 'node:path';
import { readTextFile } from '../core/files.ts';
import { checkDocument, parseYamlText } from '../spec/parse-document.ts';
import { type Policy, policySchema } from '../spec/policy.ts';

/** The policy in the file, or the empty one. Throws FILE_UNREADABLE, DOCUMENT_UNPARSABLE, DOCUMENT_INVALID. */
export function readPolicy(file: string | undefined, folder: string): Policy {
  if (file === undefined) return policySchema.parse({});
  // An empty file is the empty policy.
  const value = parseYamlText(readTextFile(path.resolve(folder, file)), 'policy', file) ?? {};
  return checkDocument(policySchema, value, 'policy', file);
}

/** The strings that a person has read and allows, from the policy file. */
export function readReviewedStrings(file: string | undefined, folder: string): readonly string[] {
  return readPolicy(file, folder).reviewedStrings;
}

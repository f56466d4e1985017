// The schema comes first and does most of the work: only known keys, only known forms, only whole numbers.
import type { z } from 'zod';
import { findForbiddenKeys } from '../../../spec/parse-document.ts';
import type { Check, Finding } from '../check.ts';
import { visit } from '../document.ts';
import { describePath, type Path } from '../paths.ts';

export const strictSchema: Check = {
  name: 'Schema holds: known keys and forms, whole numbers only',
  run: ({ value, parsed }) => [
    ...findPrototypeKeys(value),
    ...(parsed.success ? [] : listIssues(value, parsed.error.issues, [])),
  ],
};

/** `__proto__` and its like: zod drops them silently, so they are asked for key by key, which keeps the path printable. */
function findPrototypeKeys(value: unknown): Finding[] {
  const findings: Finding[] = [];
  visit(value, [], {
    onKey: (path, key) => {
      const isForbidden = findForbiddenKeys(Object.fromEntries([[key, null]])).length > 0;
      if (isForbidden) findings.push({ path: describePath(value, path), reason: 'forbidden key' });
    },
    onLeaf: () => {},
  });
  return findings;
}

function listIssues(root: unknown, issues: readonly z.core.$ZodIssue[], base: Path): Finding[] {
  return issues.flatMap((issue): Finding[] => {
    const path = [...base, ...toPath(issue.path)];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: describePath(root, [...path, key]), reason: 'unknown key' }));
    }
    const closest = issue.code === 'invalid_union' ? closestBranch(issue.errors) : [];
    if (closest.length > 0) return listIssues(root, closest, path);
    return [{ path: describePath(root, path), reason: issue.message }];
  });
}

/** The alternative of a union that the value nearly is: the one with the fewest faults below its own level. */
function closestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  return [...branches].sort((left, right) => left.length - right.length)[0] ?? [];
}

function toPath(path: readonly PropertyKey[]): Path {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}

// Rules decide what leaves production unmasked, so they go through review: of a rules file in a git checkout only what is committed counts.
// Its text is compared with the committed blob by our own hash, so no setting, filter or flag of the checkout has a say in it.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { findGitTree, unreadable } from '../core/files.ts';
import { type GitAnswer, runGit } from '../core/git.ts';
import type { RulesOrigin } from '../spec/rules-origin.ts';

/** A rules file as it was read. */
export interface RulesFile {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/**
 * Where the rules come from: the commit that holds exactly this text, or why there is none. Runs git where the file, or what it links
 * to, lies in a checkout. Throws FILE_UNREADABLE when the file is gone.
 */
export function findRulesOrigin({ file, text }: RulesFile): RulesOrigin {
  const real = realPath(file);
  const tree = findGitTree(real);
  if (tree === null) {
    if (findGitTree(file) === null) return { state: 'outside', commit: null, path: null };
    return { state: 'uncommitted', commit: null, path: null, reason: 'it is a link that leads out of the checkout' };
  }
  const inside = path.relative(tree, real).split(path.sep).join('/');
  const head = runGit(tree, ['rev-parse', '--verify', '--quiet', '--end-of-options', 'HEAD^{commit}']);
  const commit = hashIn(head);
  if (commit === null) return { commit, path: inside, ...whyNoCommit(head) };
  const committed = hashIn(runGit(tree, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}:${inside}`]));
  const reason = committed === null ? 'the last commit does not have it' : 'it differs from the last commit';
  if (committed !== null && blobHashes(text, committed.length).includes(committed))
    return { state: 'committed', commit, path: inside };
  return { state: 'uncommitted', commit, path: inside, reason };
}

/** Throws SYNC_RULES_UNCOMMITTED or SYNC_RULES_UNCHECKED for rules that nobody can have reviewed as they are. */
export function refuseUncommitted(origin: RulesOrigin, file: string): void {
  const { state, reason = 'nothing is known of it' } = origin;
  if (state === 'uncommitted') throw new ShapecastError('SYNC_RULES_UNCOMMITTED', { file, reason });
  if (state === 'unchecked') throw new ShapecastError('SYNC_RULES_UNCHECKED', { file, reason });
}

/** One line for the log. */
export function describeOrigin({ state, commit, path: inside, reason }: RulesOrigin): string {
  switch (state) {
    case 'committed':
      return `committed: ${commit} ${inside}`;
    case 'outside':
      return 'not in a git checkout';
    default:
      return `NOT COMMITTED: ${reason}${commit === null ? '' : ` (HEAD ${commit})`}`;
  }
}

function realPath(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** SHA-1 or SHA-256, as the repository has it. */
function hashIn(answer: GitAnswer): string | null {
  const text = answer.kind === 'printed' ? answer.text.trim() : '';
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : null;
}

function whyNoCommit(answer: GitAnswer): Pick<RulesOrigin, 'state' | 'reason'> {
  if (answer.kind === 'missing') return { state: 'unchecked', reason: 'git is not on the PATH' };
  // Without a HEAD git says 1, without words; of a checkout that it does not trust, or cannot read, 128.
  if (answer.kind === 'failed' && answer.status === 1) return { state: 'uncommitted', reason: 'the checkout has no commit' };
  return { state: 'unchecked', reason: 'git cannot or will not read the checkout' };
}

/** Of the text, and of the text with the line ends that git stores where a checkout writes CRLF. */
function blobHashes(text: string, hexDigits: number): string[] {
  return [text, text.replaceAll('\r\n', '\n')].map((each) => {
    const bytes = Buffer.from(each, 'utf8');
    const hash = createHash(hexDigits === 64 ? 'sha256' : 'sha1');
    return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  });
}

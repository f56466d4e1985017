// verify: is the file a pack of ours, unaltered in form, and still valid? Signatures are not made yet, and it says so.
import path from 'node:path';
import { canonicalJson, sha256Hex } from '../../core/canonical-json.ts';
import { readTextFile } from '../../core/files.ts';
import type { Pack } from '../../spec/pack.ts';
import { defineCommand } from '../command.ts';
import { jsonOption } from '../options.ts';

export const verifyCommand = defineCommand({
  name: 'verify',
  summary: "Check a pack's format, checksum and expiry",
  example: 'shapecast verify shape-metrics-20260131.json',
  operands: { name: 'pack', description: 'Pack files' },
  options: { json: jsonOption },
  async run(flags, context, operands) {
    const { readPackFile } = await import('../../spec/read-pack.ts');
    const verdicts = operands.map((file) => {
      const absolute = path.resolve(context.folder, file);
      return verifyPack(file, readPackFile(absolute, { now: context.now() }), readTextFile(absolute));
    });
    if (flags.json) context.print(JSON.stringify(verdicts, null, 2));
    else for (const verdict of verdicts) context.print(formatVerdict(verdict));
    return verdicts.every((verdict) => verdict.isCanonical) ? 0 : 1;
  },
});

interface Verdict {
  readonly file: string;
  readonly format: string;
  readonly isCanonical: boolean;
  readonly sha256: string;
  readonly expires: string;
  readonly isSigned: false;
}

/** What holds of a pack that has been read (so its format is right and it has not expired). */
function verifyPack(file: string, pack: Pack, text: string): Verdict {
  const canonical = canonicalJson(pack);
  return {
    file,
    format: `${pack.format} version ${pack.version}`,
    // sample writes canonical JSON: other bytes mean that something rewrote the file.
    isCanonical: text.trimEnd() === canonical,
    sha256: sha256Hex(canonical),
    expires: pack.provenance.expires,
    isSigned: false,
  };
}

function formatVerdict(verdict: Verdict): string {
  return [
    verdict.file,
    `✓ Format: ${verdict.format}`,
    verdict.isCanonical
      ? `✓ Checksum: canonical JSON, SHA-256 ${verdict.sha256}`
      : '✗ Checksum: the file is not canonical JSON; something rewrote it after sample',
    `✓ Expiry: valid until ${verdict.expires}`,
    '- Signature: not signed (packs are not signed by this version)',
  ].join('\n');
}

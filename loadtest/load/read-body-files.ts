// The payloads that a scenario names by file. Only files below the scenario's own folder are read, also where a link leads elsewhere: a
// scenario from somebody else must not send a key file to a server of theirs.
import fs from 'node:fs';
import path from 'node:path';
import { type Problem, ShapecastError } from '../../core/errors.ts';
import { MAX_BODY_LENGTH, unknownNames } from '../../spec/load-request.ts';
import { type LoadScenario, listRequests } from '../../spec/load-scenario.ts';

/** The texts by name. `folder`: the scenario's. Throws DOCUMENT_INVALID with every file that cannot be sent; reads the disk. */
export function readBodyFiles(scenario: LoadScenario, folder: string): ReadonlyMap<string, string> {
  const bodies = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { captured, path: place, request } of listRequests(scenario)) {
    const file = request.bodyFile;
    if (file === undefined) continue;
    const at = `${place.join('.')}.bodyFile`;
    const read = readBody(folder, file);
    if (read.state === 'refused') {
      problems.push({ path: at, message: read.reason });
      continue;
    }
    for (const name of unknownNames(read.text, captured))
      problems.push({ path: at, message: `{{${name.slice(0, 60)}}} is neither captured before, nor uuid or sequence` });
    bodies.set(file, read.text);
  }
  if (problems.length > 0) throw new ShapecastError('DOCUMENT_INVALID', { document: 'scenario', file: scenario.name, problems });
  return bodies;
}

type Read = { readonly state: 'read'; readonly text: string } | { readonly state: 'refused'; readonly reason: string };

function readBody(folder: string, file: string): Read {
  const refused = (reason: string) => ({ state: 'refused' as const, reason });
  try {
    const home = fs.realpathSync(folder);
    const real = fs.realpathSync(path.join(home, file));
    if (!real.startsWith(home + path.sep)) return refused('it leads out of the folder of the scenario');
    const { size } = fs.statSync(real);
    if (!fs.statSync(real).isFile()) return refused('it is no file');
    if (size > MAX_BODY_LENGTH) return refused(`it is longer than ${MAX_BODY_LENGTH} bytes`);
    return { state: 'read', text: new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(real)) };
  } catch {
    return refused('it cannot be read as text');
  }
}

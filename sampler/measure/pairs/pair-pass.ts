// One pass of the second round: its statements, and what axes can be read from the codes that they send.
import type { WireCode } from '../codes.ts';
import type { PassStatement } from '../pass.ts';
import type { PairSource } from './pair-sources.ts';

export interface PairPass {
  readonly table: string;
  readonly what: string;
  readonly statements: readonly PassStatement[];
  readonly hasBucket: boolean;
  /** Of the statements, after the bucket; each of the sources has its own among them. */
  readonly codes: readonly WireCode[];
  readonly sources: readonly PairSource[];
  readonly k: number;
  /** Fewest owners of children behind a cell; null where no source has a map of them. */
  readonly childK: number | null;
  /** Columns of the table that an index has. */
  readonly indexed: ReadonlySet<string>;
}

/** A pass as it is planned. */
export type PairPassParts = Omit<PairPass, 'table' | 'hasBucket' | 'indexed'> & { readonly bucket: string | null };

/** The codes of the sources and of their units, each once; the words of a map stay together. */
export function codesOf(sources: readonly PairSource[]): WireCode[] {
  const codes = sources.flatMap(({ code, units, childMap = [], mostOfOne }) => [
    code,
    ...(units === null ? [] : [units]),
    ...childMap,
    ...(mostOfOne === undefined ? [] : [mostOfOne]),
  ]);
  return [...new Map(codes.map((code) => [code.id, code])).values()];
}

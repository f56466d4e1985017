// The extraction report: what a privacy officer reads and signs. Markdown; everything in it is in the pack already.
import { formatBytes, formatCount } from '../core/progress.ts';
import type { Mapping } from '../spec/mapping.ts';
import type { Pack } from '../spec/pack.ts';

export interface ExtractionReportInput {
  readonly pack: Pack;
  readonly mapping: Mapping;
  /** Name of the pack's file, without its folder. */
  readonly file: string;
  readonly sizeBytes: number;
}

/** The report's text. Pure. */
export function formatExtractionReport(input: ExtractionReportInput): string {
  return [...formatHead(input), ...formatChecklist(input), ...formatSummary(input.pack), ...formatSignOff()].join('\n');
}

function formatHead({ pack, mapping, file, sizeBytes }: ExtractionReportInput): string[] {
  const { provenance } = pack;
  const { window } = provenance;
  return [
    `# Extraction report ${provenance.day}`,
    '',
    `- Operator: ${plain(provenance.operator)}`,
    `- Window: ${window === null ? 'all rows' : `${window.days} days, ${window.from} to ${window.to} (exclusive, UTC)`}`,
    `- Output: ${plain(file)}`,
    `- Size: ${formatBytes(sizeBytes)} (${formatCount(sizeBytes)} bytes)`,
    `- Run: ${provenance.runId}`,
    `- Tool: ${plain(provenance.tool)}${provenance.commit === null ? '' : `, commit ${provenance.commit}`}`,
    `- Server: PostgreSQL ${provenance.serverMajor}, ${provenance.isReplica ? 'replica' : 'primary'}`,
    `- Token key id: ${mapping.keyId}`,
    `- Expires: ${provenance.expires} (delete pack and mapping by then)`,
    '',
  ];
}

function formatChecklist({ pack, mapping }: ExtractionReportInput): string[] {
  const { privacy } = pack;
  const tokens = mapping.domains.reduce((sum, domain) => sum + domain.tokens, 0);
  const hasThreshold = privacy.guarantee === 'threshold';
  return [
    '## Privacy checklist',
    '',
    '- [x] Read in one read-only transaction; rows left the server as bin codes only',
    `- [${hasThreshold ? 'x' : ' '}] Counts of fewer than ${privacy.k} subjects (or rows, where no subject is reached) were folded`,
    '- [x] No minimum, maximum, example value, default, comment or SQL expression in the pack',
    `- [x] ${formatCount(tokens)} labels of ${formatCount(mapping.domains.length)} columns left as HMAC tokens; neither salt nor plaintext in the mapping`,
    `- [ ] Subjects are right: ${listOr(privacy.subjects, 'none named, every row stands for itself')}`,
    `- [ ] Tables counted by row, which is weaker, are acceptable: ${listOr(privacy.rowUnitTables, 'none')}`,
    `- [ ] References to a subject that no threshold covers are acceptable: ${listOr(privacy.uncoveredReferences, 'none')}`,
    `- [ ] Labels in clear are public: ${listOr(clearColumns(pack), 'none')}`,
    '- No noise was added: the threshold is no formal guarantee.',
    '',
  ];
}

function formatSummary({ structure, marginals, pairs }: Pack): string[] {
  const rows = structure.tables.map((table) => {
    const count = table.rows === null ? 'too few to say' : formatCount(table.rows);
    const own = marginals.filter((marginal) => marginal.table === table.name);
    const paired = pairs.marginals.filter((pair) => pair.table === table.name);
    return `| ${plain(table.name)} | ${count} | ${table.unit} | ${own.length} | ${paired.length} |`;
  });
  const joined = pairs.marginals.filter(({ joinedRows }) => joinedRows !== undefined).length;
  const withPairs = marginals.filter(({ siblingPairs }) => siblingPairs !== undefined).length;
  return [
    '## Distribution summary',
    '',
    '| table | rows sampled | counted by | marginals | pairs |',
    '| --- | ---: | --- | ---: | ---: |',
    ...rows,
    '',
    `Pairs of siblings of parents whose number of children is not shown: of ${formatCount(withPairs)} references, in steps of a sixteenth.`,
    '',
    `Rows that two kinds of children of such parents join: of ${formatCount(joined)} pairs of references, in steps of a sixteenth.`,
    '',
    `Pairs of axes: ${formatCount(pairs.marginals.length)}, chosen by the rule \`${pairs.rule}\`; ${formatCount(pairs.leftOut)} more were measured and left out.`,
    '',
  ];
}

function formatSignOff(): string[] {
  return [
    '## Sign-off',
    '',
    'Privacy officer: ______________________  Date: ____________',
    '',
    'SRE lead: _____________________________  Date: ____________',
    '',
  ];
}

/** `table.column` of the labels in clear whose type does not declare them. */
function clearColumns({ marginals, structure }: Pack): string[] {
  const declared = new Set(
    structure.tables.flatMap(({ name, columns }) =>
      columns
        .filter(({ kind, baseType }) => kind === 'enum' || ['bool', 'enum'].includes(baseType))
        .map((column) => `${name}.${column.name}`),
    ),
  );
  return marginals
    .flatMap(({ table, axes }) =>
      axes.flatMap((axis) =>
        axis.kind === 'category' && axis.labels.some((category) => 'label' in category) ? [`${table}.${axis.column}`] : [],
      ),
    )
    .filter((column) => !declared.has(column));
}

function listOr(items: readonly string[], none: string): string {
  return items.length === 0 ? none : items.map(plain).join(', ');
}

/** Names may hold anything: nothing in them is taken for Markdown or ends a line. */
function plain(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(/[\\`*{}[\]<>#|]/g, '\\$&');
}

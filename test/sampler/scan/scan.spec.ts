// The gate as a whole: a clean pack passes, each planted fault is found with its path, no text can make it throw, and no
// report repeats what was found.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson } from '../../../core/canonical-json.ts';
import { formatScanReport, isClean, type ScanReport, scanPackText } from '../../../sampler/scan/scan.ts';
import type { Pack } from '../../../spec/pack.ts';
import { buildTestPack } from '../../support/sample-pack.ts';

const SCHEMA = 'Schema holds: known keys and forms, whole numbers only';
const MAIL = 'No email addresses found';
const NAMES = 'No personal names detected';
const CONTENT = 'No message content present';
const TOKENS = 'All tokens are 16-char hex (HMAC truncated)';
const CANONICAL = 'Canonical JSON: no repeated key, no hidden white space, one spelling of each number';
const BINS = 'All bins lie on their axes';

type JsonObject = { [key: string]: unknown };

/** The pack as plain JSON in which a test may plant anything, at a dotted path; a new key is added. */
function plant(path: string, value: unknown): unknown {
  const root: unknown = JSON.parse(JSON.stringify(buildTestPack()));
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  const parent = parts.reduce<unknown>((node, part) => (node as JsonObject)[part], root) as JsonObject;
  // Assignment to `__proto__` would set the prototype instead of a key.
  Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  return root;
}

function scanValue(value: unknown, reviewed: readonly string[] = []): ScanReport {
  return scanPackText(canonicalJson(value), 'shape-metrics-20240331.json', reviewed);
}

function scanPlanted(path: string, value: unknown, reviewed: readonly string[] = []): ScanReport {
  return scanValue(plant(path, value), reviewed);
}

/** `check: path` of every finding. */
function findingsOf(report: ScanReport): string[] {
  return report.checks.flatMap(({ name, findings }) => findings.map(({ path }) => `${name}: ${path}`));
}

const COUNTRY = 'marginals.2.axes.0.labels';
const KIND_LABEL = 'marginals.11.axes.0.labels.2.label';

describe('a clean pack', () => {
  test('passes every check, with or without one newline at its end', () => {
    const text = canonicalJson(buildTestPack());

    for (const one of [text, `${text}\n`]) {
      const report = scanPackText(one, 'shape-metrics-20240331.json');
      expect(findingsOf(report)).toEqual([]);
      expect(isClean(report)).toBe(true);
      expect(report.pack).toEqual(buildTestPack());
    }
  });

  test('is reported by one line per check, the schema first and then the four of the guide', () => {
    const lines = formatScanReport(scanValue(buildTestPack())).split('\n');

    expect(lines.slice(0, 5)).toEqual([`✓ ${SCHEMA}`, `✓ ${MAIL}`, `✓ ${NAMES}`, `✓ ${CONTENT}`, `✓ ${TOKENS}`]);
    expect(lines.length).toBe(16);
    for (const line of lines) expect(line).toMatch(/^✓ \S/);
  });

  test('with 10,000 random tokens raises no alarm, whatever cards, phones or keys the tokens look like', () => {
    const tokens = Array.from({ length: 9_996 }, () => ({ token: randomBytes(8).toString('hex') }));
    const lookalikes = ['4111111111111111', '0000000000000000', '4242424242424242', 'deadbeefdeadbeef'].map((token) => ({
      token,
    }));

    expect(findingsOf(scanPlanted(COUNTRY, [...lookalikes, ...tokens]))).toEqual([]);
  });

  test('with random run ids and commits raises no alarm', () => {
    for (let index = 0; index < 300; index++) {
      const bytes = randomBytes(20);
      const forms = [
        bytes.toString('hex'),
        BigInt(`0x${bytes.toString('hex')}`).toString(36),
        `20240331-${bytes.readUIntBE(0, 6)}`,
      ];
      const pack = buildTestPack();
      const provenance = { ...pack.provenance, runId: forms[index % 3] ?? '', commit: bytes.toString('hex') };
      expect(findingsOf(scanValue({ ...pack, provenance }))).toEqual([]);
    }
  });

  test('with the names that schemas have raises no alarm', () => {
    const names = [
      'createdAt',
      'conversation_users',
      'public."Weird.Name"',
      'public."InvoiceLine"',
      'events_2024_01_01',
      'logs_20240101',
      'p2024q1_0001',
      'userNotificationPreferencesLastUpdatedAtIdx2',
      'IX_UserNotificationPreferences_LastUpdatedAt_TenantId_2023',
      'ipAddress',
      'double precision',
      'timestamp without time zone',
      'numeric',
      '_text',
      'oauth2_access_token',
      'sha256_checksum',
      'address2',
      'IN PROGRESS',
      'text/html',
      'en-GB',
      'A',
      '3.5.1',
      '10-20',
      'Straße',
      'números_de_cuenta',
      'pg_catalog.int4',
      'v1.2.3',
      '99.5%',
      'account_number',
      'x509_certificate',
      'password_hash',
      'ab12_cd34',
      'utf8mb4',
      'base64_payload',
      '0x1f',
      'iso8601',
    ];

    for (const name of names) expect([name, ...findingsOf(scanPlanted(KIND_LABEL, name))]).toEqual([name]);
  });
});

describe('planted faults of the issue', () => {
  test('a mail address, as a value or as a login', () => {
    for (const address of [
      'alice@example.com',
      'root@host',
      'ａlice＠example.com',
      'al\u200bice@exa\u00admple.com',
      'ünï@bücher.de',
    ]) {
      expect(findingsOf(scanPlanted('provenance.operator', address))).toContain(`${MAIL}: provenance.operator`);
      expect(findingsOf(scanPlanted(KIND_LABEL, address))).toContain(`${MAIL}: ${KIND_LABEL}`);
    }
  });

  test('a First Last name in any alphabet with capitals', () => {
    const people = [
      'Alice Smith',
      'Jean-Luc Picard',
      "Sinéad O'Connor",
      'Ольга Петрова',
      'Vincent van Gogh',
      'J. Smith',
      'Alice B. Smith',
    ];
    for (const person of [...people, 'Conan McCoy', 'Alice\u00a0Smith', 'label: Alice Smith (vip)', 'Αλέξης Ζορμπάς']) {
      expect([person, ...findingsOf(scanPlanted(KIND_LABEL, person))]).toEqual([person, `${NAMES}: ${KIND_LABEL}`]);
    }
  });

  test('a string of 101 characters, and none of 100', () => {
    const at = 'structure.enums.0.labels.0';

    expect(findingsOf(scanPlanted(at, 'a '.repeat(50)))).toEqual([]);
    expect(findingsOf(scanPlanted(at, 'a '.repeat(51).slice(0, 101)))).toEqual([`${SCHEMA}: ${at}`, `${CONTENT}: ${at}`]);
  });

  test('a token of 15 digits, of 17, in capitals, or of another alphabet', () => {
    const at = `${COUNTRY}.0.token`;
    for (const token of ['1c0f5a9be2d4778', '1c0f5a9be2d477831', '1C0F5A9BE2D47783', '1c0f5a9be2d4778g', '']) {
      expect(findingsOf(scanPlanted(at, token))).toEqual(expect.arrayContaining([`${SCHEMA}: ${at}`, `${TOKENS}: ${at}`]));
    }
  });

  test('an unknown key, at any depth', () => {
    for (const at of ['notes', 'structure.tables.0.columns.2.sample', `${COUNTRY}.0.plain`]) {
      expect(findingsOf(scanPlanted(at, 1))).toEqual([`${SCHEMA}: ${at}`]);
    }
  });

  test('a __proto__ key, which the schema alone would not see', () => {
    for (const at of ['__proto__', 'provenance.__proto__', `${COUNTRY}.1.__proto__`]) {
      const report = scanPlanted(at, { isAdmin: true });
      expect(findingsOf(report)).toContain(`${SCHEMA}: ${at}`);
      expect(report.pack).toBeNull();
    }
  });

  test('a count that is no whole number', () => {
    expect(findingsOf(scanPlanted('structure.tables.0.rows', 24_000.5))).toEqual([
      `${SCHEMA}: structure.tables.0.rows`,
      'No numbers of high precision found: structure.tables.0.rows',
    ]);
  });
});

describe('the place of a fault', () => {
  test('is shown, and the text found is not: neither as a value nor as a key', () => {
    for (const secret of [
      'alice@example.com',
      'Alice Smith',
      '4111111111111111',
      'DE89370400440532013000',
      'AKIAIOSFODNN7EXAMPLE',
    ]) {
      for (const value of [plant('provenance.operator', secret), { ...buildTestPack(), [secret]: 1 }]) {
        const report = scanValue(value);
        expect(isClean(report)).toBe(false);
        expect(formatScanReport(report) + JSON.stringify(report.checks)).not.toContain(secret);
      }
    }
  });

  test('of a suspicious key is its position in its object', () => {
    const report = scanValue({ ...buildTestPack(), 'Alice Smith': 1 });

    // Canonical order puts capitals first.
    expect(findingsOf(report)).toEqual([`${SCHEMA}: (key 1)`, `${NAMES}: (key 1)`]);
  });

  test('all faults of a pack are shown in one run', () => {
    const pack = plant('provenance.operator', 'alice@example.com') as Pack & JsonObject;
    const report = scanValue({ ...pack, notes: 'call +44 20 7946 0958', version: 2 });

    expect(findingsOf(report)).toEqual(
      expect.arrayContaining([
        `${SCHEMA}: version`,
        `${SCHEMA}: notes`,
        `${MAIL}: provenance.operator`,
        'No phone numbers found: notes',
      ]),
    );
  });

  test('a long list of findings is cut in print', () => {
    const labels = Array.from({ length: 60 }, () => ({ label: 'alice@example.com' }));

    const lines = formatScanReport(scanPlanted(COUNTRY, labels)).split('\n');

    expect(lines.filter((line) => line.startsWith('    marginals')).length).toBe(20);
    expect(lines).toContain('    ... and 40 more');
  });
});

describe('a mail address', () => {
  test('is found wherever it is planted, as a value or a key', () => {
    const pack: unknown = JSON.parse(JSON.stringify(buildTestPack()));
    const places = listPlaces(pack);
    fc.assert(
      fc.property(
        fc.nat(places.length - 1),
        fc.boolean(),
        fc.constantFrom('a.b@example.com', 'x@y', 'Ω@δ.gr'),
        (index, isKey, address) => {
          const place = places[index] ?? [];
          const report = scanValue(isKey ? plantKey(pack, place, address) : replaceAt(pack, place, address));

          const mail = report.checks.find(({ name }) => name === MAIL);
          expect(mail?.findings.length).toBeGreaterThanOrEqual(1);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the text of a pack', () => {
  const text = canonicalJson(buildTestPack());

  test('must be canonical: a key twice, white space, another order or spelling is a fault', () => {
    const hidden = [
      text.replace('"operator":"oncall"', '"operator":"alice","operator":"oncall"'),
      text.replace('"serverMajor":16', '"serverMajor":1.6e1'),
      text.replace('"serverMajor":16', '"serverMajor":16.0'),
      text.replace('"rows":2000', '"rows": 2000'),
      text.replace('oncall', 'on\\u0063all'),
      `${text} `,
      `${text}\n\n`,
      JSON.stringify(buildTestPack()),
    ];

    for (const one of hidden) {
      expect(one).not.toBe(text);
      expect(findingsOf(scanPackText(one, 'pack.json'))).toEqual([`${CANONICAL}: (document)`]);
    }
  });

  test('that is no JSON fails the schema, and no other check claims to have passed', () => {
    for (const one of ['', '{', text.slice(0, -2), `\ufeff${text}`, 'format: shapecast-pack']) {
      const report = scanPackText(one, 'pack.json');
      expect(findingsOf(report)).toEqual([`${SCHEMA}: (document)`]);
      expect(report.checks.length).toBe(1);
      expect([report.pack, isClean(report)]).toEqual([null, false]);
    }
  });

  test('that nests without end is refused', () => {
    const report = scanPackText(`${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'pack.json');

    expect(isClean(report)).toBe(false);
  });

  test('with numbers that JSON cannot hold is refused', () => {
    const report = scanPackText(text.replace('"serverMajor":16', '"serverMajor":1e999'), 'pack.json');

    expect(findingsOf(report)).toContain(`${CANONICAL}: (document)`);
  });

  test('may be any JSON at all: nothing throws, nothing long is repeated', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.string({ minLength: 12, unit: 'grapheme' }), (value, marker) => {
        const report = scanValue({ value, [`${marker}@${marker}`]: `${marker}@${marker}` });

        expect(isClean(report)).toBe(false);
        expect(formatScanReport(report)).not.toContain(`${marker}@`);
      }),
      { numRuns: 500 },
    );
  });

  test('may be a pack with any value at any place: nothing throws', () => {
    const pack: unknown = JSON.parse(text);
    const places = listPlaces(pack);
    fc.assert(
      fc.property(fc.nat(places.length - 1), fc.jsonValue({ maxDepth: 3 }), (index, value) => {
        expect(scanValue(replaceAt(pack, places[index] ?? [], value)).checks.length).toBe(16);
      }),
      { numRuns: 200 },
    );
  });
});

describe('reviewed strings', () => {
  const at = 'structure.tables.0.name';

  test('a table name that reads like a person passes once it is reviewed, whole or by its part', () => {
    const name = 'public."Order Details"';

    expect(findingsOf(scanPlanted(at, name))).toEqual([`${NAMES}: ${at}`]);
    expect(findingsOf(scanPlanted(at, name, [name]))).toEqual([]);
    expect(findingsOf(scanPlanted(at, name, ['Order Details']))).toEqual([]);
    expect(findingsOf(scanPlanted(at, name, ['Order', 'Details', 'order details']))).toEqual([`${NAMES}: ${at}`]);
  });

  test('one reviewed part does not excuse the other', () => {
    const name = '"Alice Smith"."Order Details"';

    expect(findingsOf(scanPlanted(at, name, ['Order Details']))).toEqual([`${NAMES}: ${at}`]);
  });

  test('provenance, keys, long strings and tokens cannot be reviewed away', () => {
    const long = 'a '.repeat(60);

    expect(findingsOf(scanPlanted('provenance.operator', 'Alice Smith', ['Alice Smith']))).toEqual([
      `${NAMES}: provenance.operator`,
    ]);
    expect(findingsOf(scanValue({ ...buildTestPack(), 'Alice Smith': 1 }, ['Alice Smith']))).toContain(`${NAMES}: (key 1)`);
    expect(findingsOf(scanPlanted(KIND_LABEL, long, [long]))).toContain(`${CONTENT}: ${KIND_LABEL}`);
    expect(findingsOf(scanPlanted(`${COUNTRY}.0.token`, 'abc', ['abc']))).toContain(`${TOKENS}: ${COUNTRY}.0.token`);
  });
});

describe('bins', () => {
  const cells = 'marginals.13.cells';

  test('a bin off its axis, twice, or out of order is a fault', () => {
    const faults: [cells: number[][], path: string][] = [
      [[[0, 168, 50]], `${cells}.0`],
      [[[0, -1, 50]], `${cells}.0`],
      [[[1, 3, 50]], `${cells}.0`],
      [
        [
          [0, 3, 50],
          [0, 3, 50],
        ],
        `${cells}.1`,
      ],
      [
        [
          [0, 4, 50],
          [0, 3, 50],
        ],
        `${cells}.1`,
      ],
    ];

    for (const [value, path] of faults) expect(findingsOf(scanPlanted(cells, value))).toContain(`${BINS}: ${path}`);
    expect(
      findingsOf(
        scanPlanted(cells, [
          [0, 3, 50],
          [0, 167, 50],
        ]),
      ).filter((found) => found.startsWith(BINS)),
    ).toEqual([]);
  });

  test('a value in the place of a magnitude bin is a fault', () => {
    expect(findingsOf(scanPlanted('marginals.7.cells.0', [0, 5_551_234_567, 50]))).toContain(`${BINS}: marginals.7.cells.0`);
  });

  test('a cut of a coarse axis is an edge of a bin, however long the number; anything else is a fault', () => {
    const edges = [2 ** 36, 12_000_138_625_024];
    const withCuts = (cuts: number[]) =>
      findingsOf(
        scanPlanted('pairs', {
          rule: 'tree',
          leftOut: 0,
          distinctTimes: [],
          marginals: [
            {
              table: 'public.messages',
              axes: [{ kind: 'number', column: 'price', decimals: 2, cuts }],
              why: 'tree',
              information: 0,
              total: 24_000,
              cells: [],
              other: 24_000,
              cost: { rho: '0/1' },
            },
          ],
        }),
      );

    expect(withCuts(edges)).toEqual([]);
    expect(withCuts([...edges, 15_551_234_567_891])).toContain(`${BINS}: pairs.marginals.0.axes.0.cuts.2`);
  });

  test('a card number in the place of a count is a fault', () => {
    expect(findingsOf(scanPlanted('structure.tables.0.rows', 4_111_111_111_111_111))).toContain(
      'No payment card numbers found: structure.tables.0.rows',
    );
  });
});

type Place = readonly (string | number)[];

/** Every place of a JSON value, objects and arrays included; at most three members of each array. */
function listPlaces(value: unknown, at: Place = []): Place[] {
  if (value === null || typeof value !== 'object') return [at];
  const members = Array.isArray(value) ? [...value.slice(0, 3).entries()] : Object.entries(value);
  return [at, ...members.flatMap(([key, member]) => listPlaces(member, [...at, key]))];
}

function replaceAt(value: unknown, place: Place, replacement: unknown): unknown {
  const [first, ...rest] = place;
  if (first === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((member, index) => (index === first ? replaceAt(member, rest, replacement) : member));
  const object = value as JsonObject;
  return { ...object, [first]: replaceAt(object[first], rest, replacement) };
}

/** The key goes into the nearest object around the place. */
function plantKey(value: unknown, place: Place, key: string): unknown {
  for (let depth = place.length; depth >= 0; depth--) {
    const around = place.slice(0, depth).reduce<unknown>((node, part) => (node as JsonObject)[part], value);
    const isObject = around !== null && typeof around === 'object' && !Array.isArray(around);
    if (isObject) return replaceAt(value, place.slice(0, depth), { ...around, [key]: 1 });
  }
  return value;
}

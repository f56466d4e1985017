// Each detector with forms that it must find and neighbours that it must not take for them; and every one of the forms
// again behind an encoding. The planted texts are published test values, not anybody's.
import { canonicalJson } from '../../../core/canonical-json.ts';
import { scanPackText } from '../../../sampler/scan/scan.ts';
import { buildTestPack } from '../../support/sample-pack.ts';

/** The names of the checks that a text fails when it is a label of an enum. */
function failedChecks(text: string): string[] {
  const pack = buildTestPack();
  const labelled = { ...pack, structure: { ...pack.structure, enums: [{ name: 'public.e', labels: [text] }] } };
  const report = scanPackText(canonicalJson(labelled), 'pack.json');
  return report.checks.filter(({ findings }) => findings.length > 0).map(({ name }) => name);
}

const PHONES = 'No phone numbers found';
const NETWORK = 'No network addresses found';
const CARDS = 'No payment card numbers found';
const IBANS = 'No bank account numbers (IBAN) found';
const IDS = 'No national identity numbers found (US, UK, ES, IT, BR)';
const CREDENTIALS = 'No credentials or key material found';
const URLS = 'No URLs found';
const PRECISION = 'No numbers of high precision found';
const ENCODED = 'Nothing of this found in base64, hex or URL encoding';

const found: Record<string, readonly string[]> = {
  [PHONES]: [
    '+1 555 123 4567',
    '(555) 123-4567',
    '555.123.4567',
    '+442079460958',
    '0049 30 901820',
    '020 7946 0958',
    '5551234567',
    '06-12-34-56-78',
  ],
  [NETWORK]: [
    '192.168.0.1',
    'from 8.8.8.8.',
    '2001:db8::1',
    '::1',
    'fe80::1ff:fe23:4567:890a',
    '::ffff:10.0.0.1',
    '00:1A:2b:3c:4d:5e',
  ],
  [CARDS]: [
    '4111111111111111',
    '4111 1111 1111 1111',
    '5555-5555-5555-4444',
    'card 378282246310005!',
    '6011.1111.1111.1117',
    '3530111333300000',
    '30569309025904',
    '2223003122003222',
  ],
  [IBANS]: ['DE89370400440532013000', 'GB29 NWBK 6016 1331 9268 19', 'fr1420041010050500013m02606', 'iban:NL91ABNA0417164300'],
  [IDS]: [
    '078-05-1120',
    'ssn 219 09 9999',
    '912-70-1234',
    'AB 12 34 56 C',
    '12345678Z',
    'X1234567L',
    'RSSMRA85T10A562S',
    '529.982.247-25',
  ],
  [CREDENTIALS]: [
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmN',
    '-----BEGIN RSA PRIVATE KEY-----',
    'AKIAIOSFODNN7EXAMPLE',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'xoxb-123456789012-abcdef',
    'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
    '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9',
    'password=hunter2',
    'd41d8cd98f00b204e9800998ecf8427e',
    'f47ac10b-58cc-4372-a567-0e02b2c3d479',
    'k7Gq2Zt9XwLp4RvB8mNc6YsJ1dHf3TaEuQo5',
  ],
  [URLS]: ['https://example.com/u/1', 'postgresql://app:pw@db/app', 'www.example.com', 'mailto:bob', 'S3://bucket/key'],
  [PRECISION]: ['48.85661', '-73,93524'],
};

const notFound: readonly string[] = [
  '2024-05-01',
  '1-2-3',
  '100-200',
  '12345678',
  '1.2.3',
  '300.1.1.1',
  '10:30:00',
  'std::vector',
  'no 4111111111111112',
  'no 1234567890123452',
  'DE89 Berlin',
  'DE88370400440532013000'.toLowerCase().slice(0, 12),
  '12345678A',
  'akia_key',
  'ghp',
  'http',
  'www',
  'data',
  'urn',
  '48.856',
  'token',
  'secret_questions',
  'BEGIN',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
];

describe.each(Object.entries(found))('%s', (check, texts) => {
  test.each(texts)('finds %s', (text) => {
    expect(failedChecks(text)).toContain(check);
  });
});

test.each(notFound)('%s is nothing of the kind', (text) => {
  expect(failedChecks(text)).toEqual([]);
});

/** Texts that another check may refuse, but not this one. */
const nearMisses: [check: string, text: string][] = [
  [IDS, '000-12-3456'],
  [IDS, '666-12-3456'],
  [IDS, '219-00-9999'],
  [IDS, '529.982.247-26'],
  [CARDS, '4111111111111112'],
  [CARDS, '9111111111111111'],
  [IBANS, 'DE88370400440532013000'],
  [NETWORK, '300.168.0.1'],
  [ENCODED, Buffer.from('no address').toString('base64')],
];

test.each(nearMisses)('%s: %s passes', (check, text) => {
  expect(failedChecks(text)).not.toContain(check);
});

const encodings: [name: string, encode: (text: string) => string][] = [
  ['base64', (text) => Buffer.from(text).toString('base64')],
  ['base64url without padding', (text) => Buffer.from(text).toString('base64url')],
  ['hex', (text) => Buffer.from(text).toString('hex')],
  ['hex in capitals', (text) => Buffer.from(text).toString('hex').toUpperCase()],
  ['URL escapes', (text) => encodeURIComponent(text).replace(/[a-z\d]/i, (first) => `%${Buffer.from(first).toString('hex')}`)],
  ['full URL escapes', (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
  ['base64 of hex', (text) => Buffer.from(Buffer.from(text).toString('hex')).toString('base64')],
  ['base64 inside a sentence', (text) => `ref: ${Buffer.from(text).toString('base64')}, v1`],
];

describe.each(encodings)('in %s', (_, encode) => {
  test.each([
    'alice@example.com',
    'Alice Smith',
    '+1 555 123 4567',
    '192.168.0.1',
    '4111 1111 1111 1111',
    'GB29 NWBK 6016 1331 9268 19',
    '078-05-1120',
    'https://example.com',
  ])('%s is found', (text) => {
    expect(encode(text)).not.toBe(text);
    expect(failedChecks(encode(text))).toContain(ENCODED);
  });
});

// IPv4, IPv6 and hardware addresses: each may identify a household or a device.
import { isIPv4, isIPv6 } from 'node:net';
import type { Detector } from '../../../core/detectors/detector.ts';
import { textCheck } from '../check.ts';

const IPV4 = /(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}]|\.\d)/gu;
const IPV6 = /(?<![\p{L}\p{N}:.])[0-9a-f]{0,4}:[0-9a-f:.]{1,45}(?![\p{L}\p{N}:])/giu;
const HARDWARE = /(?<![\p{L}\p{N}:-])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![\p{L}\p{N}:-])/iu;

function some(text: string, pattern: RegExp, isAddress: (found: string) => boolean): boolean {
  return [...text.matchAll(pattern)].some(([found]) => isAddress(found));
}

const ipv4: Detector = { what: 'an IPv4 address', isIn: (text) => some(text, IPV4, isIPv4) };
const ipv6: Detector = {
  what: 'an IPv6 address',
  isIn: (text) => some(text, IPV6, (found) => found.length > 2 && isIPv6(found.replace(/\.$/, ''))),
};
const hardware: Detector = { what: 'a hardware address', isIn: (text) => HARDWARE.test(text) };

export const networkAddressDetectors: readonly Detector[] = [ipv4, ipv6, hardware];

export const networkAddresses = textCheck('No network addresses found', networkAddressDetectors);

// The check of a pack by the detector of this name.
import { allCredentialDetectors } from '../../../core/detectors/credentials.ts';
import { textCheck } from '../check.ts';

export const credentials = textCheck('No credentials or key material found', allCredentialDetectors);

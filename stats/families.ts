// The families of distributions by their parameters, as plain data. The spec's distributions are assignable to these;
// stats may not import spec, so the shapes are stated here once more and the compiler compares them where they are used.

interface Bounds {
  /** Inclusive; the family is cut off there and rescaled. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

export interface NormalParameters extends Bounds {
  readonly family: 'normal';
  readonly mean: number;
  readonly standardDeviation: number;
}

export interface LogNormalParameters extends Bounds {
  readonly family: 'logNormal';
  readonly mu: number;
  readonly sigma: number;
}

export interface ExponentialParameters extends Bounds {
  readonly family: 'exponential';
  readonly mean: number;
}

export interface PowerLawParameters {
  readonly family: 'powerLaw';
  /** Density proportional to x^-alpha from min on; above 1. */
  readonly alpha: number;
  readonly min: number;
  readonly max?: number | undefined;
}

export interface ZipfParameters {
  readonly family: 'zipf';
  readonly exponent: number;
  readonly size: number;
}

export interface GeometricParameters {
  readonly family: 'geometric';
  readonly p: number;
  readonly start: number;
  readonly max?: number | undefined;
}

/** [from, to, weight] */
export type WeightedBin = readonly [from: number, to: number, weight: number];

export interface EmpiricalParameters {
  readonly family: 'empirical';
  readonly bins: readonly WeightedBin[];
}

export interface QuantileParameters {
  readonly family: 'quantiles';
  /** [probability, value], both rising; the first probability is 0. */
  readonly points: readonly (readonly [probability: number, value: number])[];
}

export type SimpleFamilyParameters =
  | { readonly family: 'constant'; readonly value: number }
  | { readonly family: 'uniform'; readonly min: number; readonly max: number }
  | NormalParameters
  | LogNormalParameters
  | ExponentialParameters
  | PowerLawParameters
  | ZipfParameters
  | GeometricParameters
  | EmpiricalParameters
  | QuantileParameters;

export type FamilyParameters =
  | SimpleFamilyParameters
  | {
      readonly family: 'mixture';
      readonly parts: readonly { readonly weight: number; readonly of: SimpleFamilyParameters }[];
    };

// Which bytes of a pair of lanes shuffles take, 0 to 15 of the first and 16 to 31 of the second, and how far four values reach in memory.

/** Bytes of four words, and of four reals. */
export const FOUR_WORDS = 16;
export const FOUR_REALS = 32;

/** The first real, or the first two words, of each. */
export const FIRST_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
/** The second real, or the last two words, of each. */
export const SECOND_HALVES = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];
/** The first two words of each in turn: word 0 of the first, word 0 of the second, word 1 of both. */
export const FIRST_WORDS = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
/** The last two words of each in turn. */
export const SECOND_WORDS = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31];
/** The low word of each of the four halves, and the high one. */
export const EVEN_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
export const ODD_WORDS = [4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31];

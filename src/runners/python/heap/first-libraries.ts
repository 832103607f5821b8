/** Libraries that seeding numpy's random numbers calls, as every start from the science heap does. */
const SEEDING = /numpy\/(_core\/_multiarray_umath|random\/(mtrand|bit_generator|_mt19937))\./u;

/** True for a side module that every start from the science heap uses: it is put back at once and lies in `first.image`. */
export function isFirstLibrary(path: string): boolean {
  return SEEDING.test(path) && path.endsWith('.so');
}

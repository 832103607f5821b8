/**
 * Python packages whose wheels lie in the extension for `pip` of the Linux, as an index compares names (PEP 503): what it takes
 * without network. decision 0152
 */
export const GUEST_WHEELS: readonly string[] = [
  'certifi',
  'charset-normalizer',
  'idna',
  'python-dateutil',
  'pytz',
  'pyyaml',
  'requests',
  'six',
  'tabulate',
  'urllib3',
  'xmltodict',
];

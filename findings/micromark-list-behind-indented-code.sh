#!/usr/bin/env bash
# micromark 4.0.3 takes an ordered list that begins behind indented code, and not with 1, for a paragraph.
# CommonMark 0.31 (5.2) keeps such a list only from interrupting a paragraph, and indented code is none: commonmark.js 0.31.2
# begins the list at 10. Seen on Node 20 and 24, 2026-12-01. Readers that are to agree with micromark must not follow the
# specification here; src/ui/in-chat/code-blocks/fences.property.test.ts leaves such texts out.
# Fails when either package does otherwise.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund micromark@4.0.3 commonmark@0.31.2
cat >seen.mjs <<'EOF'
import assert from 'node:assert/strict';
import { HtmlRenderer, Parser } from 'commonmark';
import { micromark } from 'micromark';

const text = '    code\n10. item\n';
const code = '<pre><code>code\n</code></pre>\n';
const byReference = new HtmlRenderer().render(new Parser().parse(text));
console.log('commonmark.js:', JSON.stringify(byReference));
console.log('micromark:    ', JSON.stringify(micromark(text)));
assert.equal(byReference, `${code}<ol start="10">\n<li>item</li>\n</ol>\n`);
assert.equal(micromark(text), `${code}<p>10. item</p>\n`);
// Beginning with 1 it is a list for both.
assert.match(micromark('    code\n1. item\n'), /<ol>/);
EOF
node seen.mjs

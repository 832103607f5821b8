import type { CodeLanguage } from '../../contracts/analysis.ts';
import type { Tokens } from './tokens.ts';

/**
 * Words and pairs of neighbours that speak for a language, by weight. `^` is a word that begins a line. Nothing is parsed
 * here: for languages with a grammar the parser has the last word.
 */
const EVIDENCE: Readonly<Partial<Record<CodeLanguage, Readonly<Record<number, string>>>>> = {
  python: {
    4: '^elif|^def|^from|self .|^except|^async def|^with|print (|^@staticmethod|is None|not in|None|^raise|__import__ (|getattr (',
    2: '^import|^class|^return|True|False|^for|in range|range (|^print|^try :|^lambda|^pass|^assert|len (|^while|^if|^global|"" .|=',
  },
  javascript: {
    4: '^const|^let|console .|=>|===|!==|^function|^export|^var|require (|new Promise|document .|^async function|function (|`|() =>|) =>|^window|atob (|setTimeout (|^eval (|^fetch',
    2: '^import|^return|^await|{|^throw new|^for (|^while (|^if (|^switch (|undefined|null|typeof|^try {|;|^do {|(() =>|) ;|^class',
  },
  typescript: {
    5: ': string|: number|: boolean|^interface|: unknown|: void|as const|^enum|^namespace|^declare|: Promise|^type|readonly|^import type',
  },
  lua: {
    4: '^local|then|^end|^elseif|nil|.. |^repeat|^until|local function|~=|ipairs (|pairs (|^function|"" ..|.. ""|^goto|os .|io .|^dofile|setmetatable (|^::|loadstring (',
    2: 'do|print (|^for|^while|^return|--|^--|require ""|string .|table .|math .|= {|#|^print',
  },
  shell: {
    4: '^echo|^fi|^done|^then|; then|; do|^esac|^sudo|^apt|^cd|^export|^curl|^wget|^rm|^chmod|^mkdir|^grep|^git|^pip|^npm|^for|$(|^ls|^cat|&&|||^set -|^ssh|^docker|^kill|^tar|^find|^sed|^awk|^bash|^sh|^sort|^dd|^until|^mkfs|^eval|^unset|^while|^local|^source|^crontab|| sh|| bash|2|/dev/null|^env|^nc|^python3|^base64|^(|^killall|<(|^diff|^touch|^cp|^mv|^make|^case|^greet|esac',
    2: '-r|-f|-s|-e|[|]|>>|^if [|-la|$|>|^read',
  },
  ruby: {
    5: '^puts|^require ""|attr_accessor|attr_reader|^end|do ||.each|. each|^def|^module|@name|. new|each do|. nil?|^elsif|^unless',
  },
  php: { 6: '<?|<? php|<?php|echo $|$this|-> $|^foreach|function $' },
  go: { 6: '^package|^func|:=|^package main|fmt .|^import ""|^type|func main|^defer|nil {|err !=|chan' },
  rust: { 6: '^fn|let mut|println !|println !(|^impl|^use|^pub|-> Result|Vec <|::|^match|&mut|&str|fn main' },
  swift: {
    6: '^import Foundation|^guard|^let|^func|guard let|if let|^struct|: Int|: String|var x|-> Int|import SwiftUI|import UIKit|^protocol',
  },
  java: {
    6: 'public class|public static|System .|^import java|static void|^package|String [|private final|^public|@Override',
  },
  kotlin: { 6: '^fun|^val|data class|println (|fun main|^data|: String|val u|^when' },
  c: { 6: '#include <|^#include|int main|printf (|^#define|(void|^struct|malloc (|char *|^int' },
  cpp: { 7: 'std ::|std|cout <<|<<|^#include|using namespace|template <|<iostream|< iostream|int main' },
  csharp: { 6: '^using|using System|^namespace|Console .|static void|^public class|string [|^class|Main (' },
  r: { 6: '<- c|<-|library (|<- function|^library|c (|ggplot (|%>%|mean (' },
  perl: { 6: '^use strict|^my|my $|my @|^sub|use warnings|^use|print ""|=~' },
  powershell: { 6: 'Get|Write|-Path|Where|$_|$_ .|^Get|^Write|^Set|ForEach|-gt|-eq|Object {' },
  sql: {
    6: '^SELECT|^INSERT|INSERT INTO|^UPDATE|^CREATE|CREATE TABLE|^DELETE|DELETE FROM|^WITH|^select|^insert|^create|create table|group by|GROUP BY|ORDER BY|order by|LEFT JOIN|^JOIN|^WHERE|^where|^ALTER|^DROP',
  },
  css: { 5: '{ color|color :|padding :|margin :|^@media|px|display :|font|background :|: hover|width :|#' },
  yaml: {
    4: '^name :|^-|^on :|^version :|^jobs :|^steps :|^services :|^runs|^apiVersion :|^kind :|^metadata :|^spec :|^build :|^name|runs-on|-on :',
  },
  toml: { 5: '^[|^name =|^version =|^[package|^[tool|^[[|[dependencies|] name|^edition =' },
  markdown: { 6: '^#|^##|^###|^-|**|](|^>|^```|](https|^1' },
};

/** A word counts so often at most: a long list is no more of a language than a short one. */
const ENOUGH = 3;

function countOf(tokens: Tokens, word: string): number {
  const count = (one: string): number => tokens.counts.get(one) ?? 0;
  if (!word.startsWith('^')) return count(word);
  const [first = '', second] = word.slice(1).split(' ');
  const begun = tokens.firstWords.get(first) ?? 0;
  return second === undefined ? begun : Math.min(begun, count(`${first} ${second}`));
}

/** How much the words speak for each language; 0 is not a word. */
export function wordScores(tokens: Tokens): ReadonlyMap<CodeLanguage, number> {
  const scores = new Map<CodeLanguage, number>();
  for (const [language, weights] of Object.entries(EVIDENCE) as [CodeLanguage, Record<number, string>][]) {
    let score = 0;
    for (const [weight, words] of Object.entries(weights)) {
      for (const word of words.split('|')) score += Number(weight) * Math.min(countOf(tokens, word), ENOUGH);
    }
    if (score > 0) scores.set(language, score);
  }
  return scores;
}

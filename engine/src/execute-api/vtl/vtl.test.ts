import fc from 'fast-check';
import { inputOf } from './input';
import { fromPlain, type JsonError } from './json';
import { parseTemplate } from './parse';
import { render } from './render';
import { UTIL } from './util';
import type { Value } from './values';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html */
function rendered(template: string, body = '', variables: Record<string, unknown> = {}): string {
  const input = inputOf(body, {
    path: { id: '7' },
    querystring: { page: '2', id: 'no' },
    header: { 'X-Shop': 'north' },
    named: (name) => ({ 'x-shop': 'north' })[name.toLowerCase()],
    broken: (error: JsonError) => error,
  });
  const all = new Map<string, Value>([
    ['input', input],
    ['util', UTIL],
    ...Object.entries(variables).map(([name, value]): [string, Value] => [name, fromPlain(value)]),
  ]);
  return render(parseTemplate(template), all);
}

describe('directives', () => {
  test.each([
    ['#set($a = 1)$a', '1'],
    ['  #set($a = 1)\n$a\n', '1\n'],
    ['#if($a)yes#{else}no#end', 'no'],
    ['#if(1 == 2)a#elseif(2 == 2)b#{else}c#end', 'b'],
    ['#if(true)\na\n#end\nb', 'a\nb'],
    ['#foreach($i in [1..3])$i#if($foreach.hasNext),#end#end', '1,2,3'],
    ['#foreach($i in ["a","b"])$foreach.index$foreach.count$i #end', '01a 12b '],
    ['#foreach($i in [1..5])#if($i == 3)#break#end$i#end', '12'],
    ['#foreach($e in {"a": 1, "b": 2}.entrySet())x#end', undefined],
    ['#set($m = {"a": 1, "b": 2})#foreach($e in $m.entrySet())$e.key=$e.value;#end', 'a=1;b=2;'],
    ['#define($hello)Hello $who#end#set($who = "you")$hello!', 'Hello you!'],
    ['#macro(pair $a $b)($a|$b)#end#pair(1 "x")#pair(2, 3)', '(1|x)(2|3)'],
    ['a## not this\nb #* nor\nthis *#c', 'ab c'],
    ['#[[ $not #parsed ]]#', ' $not #parsed '],
    ['a#stop b', 'a'],
    ['color: #333; #unknown(x) $5.00 $ # \\$a \\#if', 'color: #333; #unknown(x) $5.00 $ # $a #if'],
    ['#evaluate("#set($x = 2)$x")', '2'],
  ])('%s', (template, expected) => {
    if (expected === undefined) expect(() => rendered(template)).toThrow(/Encountered/);
    else expect(rendered(template)).toBe(expected);
  });

  test.each([
    '#if(true)',
    '#set($a = )',
    '#set(1 = 2)',
    '#end',
    '#foreach($a on [1])#end',
    '#if(true)#else#else#end',
  ])('broken: %s', (template) => expect(() => rendered(template)).toThrow(/Encountered/));

  test('a loop ends after 1,000 times, and loops in loops end, too', () => {
    const list = { list: Array.from({ length: 5000 }, () => 1) };
    expect(rendered('#foreach($i in $list)x#end', '', list)).toHaveLength(1000);
    const deep = `${'#foreach($i in $list)'.repeat(4)}x${'#end'.repeat(4)}`;
    expect(() => rendered(deep, '', list)).toThrow(/too many steps/);
    expect(() => rendered('#macro(again)#again()#end#again()')).toThrow(/macros/);
  });
});

describe('references and expressions', () => {
  test.each([
    ['$a.b.c', 'deep'],
    ['${a.b.c}er', 'deeper'],
    ['$!missing|$missing|${missing}|$a.nothing.there', '|||'],
    ['$list[1] $list.get(0) $a["b"].c', 'two one deep'],
    ['$a', '{b={c=deep}}'],
    ['$list', '["one","two"]'],
    ['#set($l = ["x", 1])$l $l.size()', '[x, 1] 2'],
    ['#set($a.b.d = 5)$a.b.d', '5'],
    ['#set($x = 7 / 2)$x #set($x = 7.5 / 2)$x #set($x = 7 % 4)$x', '3 3.75 3'],
    ['#set($x = 1 + 2 * 3)$x #set($x = (1 + 2) * 3)$x #set($x = 4 - -1)$x', '7 9 5'],
    ['#set($x = "a" + 1)$x', 'a1'],
    ['#set($x = "$a.b.c!")$x#set($x = \'$a.b.c\')$x', 'deep!$a.b.c'],
    ['#set($x = "say ""hi""")$x', 'say "hi"'],
    ['#if(1 < 2 && !(2 <= 1) || false)ok#end', 'ok'],
    ['#if(1 lt 2 and not false)ok#end', 'ok'],
    ['#if($list.size() == 2)ok#end#if("1" == 1)ok#end', 'okok'],
    ['#if($missing == "" && $missing == $null)ok#end', 'ok'],
    ['#set($q = 10 / 0)[$q]', '[]'],
  ])('%s', (template, expected) => {
    const variables = { a: { b: { c: 'deep' } }, list: ['one', 'two'] };
    expect(rendered(template, '', variables)).toBe(expected);
  });
});

describe('Java’s methods', () => {
  test.each([
    ['$s.length() $s.toUpperCase() $s.substring(1) $s.substring(1, 3)', '5 HELLO ello el'],
    [
      '$s.indexOf("l") $s.lastIndexOf("l") $s.contains("ell") $s.startsWith("he") $s.endsWith("x")',
      '2 3 true true false',
    ],
    [
      '$s.replace("l", "L") $s.replaceAll("l+", "[$0]") $s.matches("h.*o") $s.matches("h")',
      'heLLo he[ll]o true false',
    ],
    [
      '$s.equals("hello") $s.equalsIgnoreCase("HELLO") $s.isEmpty() $s.concat("!") $s.charAt(1)',
      'true true false hello! e',
    ],
    ['#foreach($p in "a,b,,c,,".split(","))[$p]#end', undefined],
    ['#set($c = "a,b,,c,,")#foreach($p in $c.split(","))[$p]#end $c.split(",").size()', '[a][b][][c] 4'],
    [
      '#set($l = [])$l.add("x")$l.add("y") $l.contains("x") $l.indexOf("y") $l.isEmpty() $l',
      'truetrue true 1 false [x, y]',
    ],
    ['#set($l = [1, 2, 3])$l.remove(0) $l.subList(0, 1) $l.set(0, 9) $l', '1 [2] 2 [9, 3]'],
    [
      '#set($m = {})$m.put("k", 1)$m.put("k", 2)$m.k $m.containsKey("k") $m.keySet() $m.values() $m.size()',
      '12 true [k] [2] 1',
    ],
    ['#set($m = {"a": 1})$m.getOrDefault("b", 5) $m.remove("a") $m.isEmpty() $m', '5 1 true {}'],
    ['#set($Integer = 0)#set($n = $Integer.parseInt("41") + 1)$n $n.toString().length()', '42 2'],
    ['$s.nothingLikeIt()|', '|'],
  ])('%s', (template, expected) => {
    if (expected === undefined) expect(() => rendered(template, '', { s: 'hello' })).toThrow(/Encountered/);
    else expect(rendered(template, '', { s: 'hello' })).toBe(expected);
  });

  test('one that is missing here says so', () => {
    expect(() => rendered('$s.format("%s")', '', { s: 'x' })).toThrow('format() is not implemented');
  });
});

describe('$input and $util', () => {
  const body = '{"a": {"b": [1, {"c": "x/y"}]}, "n": null, "big": 12345678901234567890, "t": "q\\"s"}';

  test.each([
    ["$input.json('$.a')", '{"b":[1,{"c":"x/y"}]}'],
    [
      "$input.json('$.a.b[1].c') $input.json('$.big') $input.json('$.t')",
      '"x/y" 12345678901234567890 "q\\"s"',
    ],
    [
      "$input.path('$.a') $input.path('$.a.b') $input.path('$.a.b[1].c')",
      '{b=[1,{"c":"x/y"}]} [1,{"c":"x/y"}] x/y',
    ],
    [
      "$input.path('$.a.b').size() $input.path('$..c') $input.path(\"$.a.b[?(@.c == 'x/y')]\")",
      '2 ["x/y"] [{"c":"x/y"}]',
    ],
    ["[$input.path('$.missing')][$input.path('$.n')][$input.json('$.missing')]", '[][][""]'],
    [
      "$input.params('id') $input.params('page') $input.params('x-shop') [$input.params('no')]",
      '7 2 north []',
    ],
    [
      "$input.params().path.id $input.params().querystring.get('id') $input.params().header",
      '7 no {X-Shop=north}',
    ],
    ['#foreach($t in $input.params().keySet())$t #end', 'path querystring header '],
    ['$util.escapeJavaScript("it\'s /a")', "it\\'s \\/a"],
    ['$util.escapeJavaScript($input.params(\'no\')).replaceAll("\\\\\'", "\'")|', '|'],
    ["$util.urlEncode('a b&c=ü') $util.urlDecode('a+b%26c')", 'a+b%26c%3D%C3%BC a b&c'],
    ["$util.base64Encode('hi') $util.base64Decode('aGk=')", 'aGk= hi'],
    ['$util.parseJson(\'{"x": [1, 2]}\').x[1]', '2'],
  ])('%s', (template, expected) => expect(rendered(template, body)).toBe(expected));

  test('a body that is none', () => {
    expect(rendered('$input.body')).toBe('{}');
    expect(rendered("$input.json('$')")).toBe('{}');
    expect(() => rendered("$input.json('$')", 'some text')).toThrow("Unrecognized token 'some'");
    expect(() => rendered("$input.json('$')", '{"a":')).toThrow('Unexpected end-of-input');
  });

  test('JSON comes out as it went in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(rendered("$input.json('$')", text))).toEqual(JSON.parse(text));
        expect(JSON.parse(rendered("#set($x = $input.path('$')){\"x\": $input.json('$')}", text))).toEqual({
          x: JSON.parse(text),
        });
      }),
    );
  });
});

test('whatever a template is, it ends, and fails as a template', () => {
  const piece = fc.constantFrom(
    ...[
      '#set(',
      '#if(',
      '#else',
      '#elseif(',
      '#end',
      '#foreach(',
      '#macro(',
      '#define(',
      '#evaluate(',
      '#m(',
    ],
    ...[
      '$a',
      '$a.b',
      '$!{a',
      '${a}',
      '$a.size()',
      '$i in ',
      ')',
      '(',
      ' = ',
      '[1..3]',
      '{"a": 1}',
      '"$a"',
      "'x'",
    ],
    ...[
      '#[[',
      ']]#',
      '#*',
      '*#',
      '##',
      '\\',
      '\n',
      ' ',
      '1',
      '-',
      '!',
      '&&',
      '==',
      '$input.json("$..a")',
      '#stop',
    ],
  );
  const ends = (template: string) => {
    try {
      rendered(template, '{"a": [1]}', { a: { b: [1, 2] } });
    } catch (error) {
      expect((error as Error).constructor.name).toMatch(/^(TemplateError|PathError|JsonError)$/);
    }
  };
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => ends(pieces.join(''))),
    { numRuns: 3000 },
  );
  fc.assert(fc.property(fc.string(), ends), { numRuns: 500 });
});

/** Receives the events of a streaming JSON parser. */
export interface JsonSink {
  open(kind: "object" | "array"): void;
  /** The name of the next member. */
  key(name: string): void;
  /** A piece of a string; the last one has `isWhole`. */
  text(piece: string, isWhole: boolean): void;
  /** A number, `true`, `false` or `null`: the text so far, called again when more arrives. */
  word(all: string, isWhole: boolean): void;
  close(): void;
  /** Text that is not JSON, verbatim. No other event follows. */
  rest(piece: string): void;
}

type ReaderState =
  | "start"
  | "fence"
  | "value"
  | "first"
  | "key"
  | "name"
  | "colon"
  | "text"
  | "word"
  | "next"
  | "rest";

const SPACE = /[ \t\r\n]/;
const WORD = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const WORD_LETTER = /[-+.\w]/;
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" },
};

/**
 * A streaming JSON parser. It reads each character once, so the cost is linear. It skips a code fence around the JSON,
 * and reads a second value after the first, which is a repaired answer.
 */
export class JsonReader {
  #state: ReaderState = "start";
  readonly #open: ("object" | "array")[] = [];
  /** The unfinished name or word, or the part of a string that is not emitted yet. */
  #begun = "";
  #escape = "";

  constructor(private readonly sink: JsonSink) {}

  feed(piece: string): void {
    let at = 0;
    while (at < piece.length) {
      if (this.#state === "rest") return this.sink.rest(piece.slice(at));
      at = this.#state === "text" || this.#state === "name" ? this.#string(piece, at) : this.#step(piece, at);
    }
    if (this.#state === "word") this.sink.word(this.#begun, false);
    if (this.#state === "text") this.#say(false);
  }

  /** Consume one character, or leave it for the next state. */
  #step(piece: string, at: number): number {
    const letter = piece[at] as string;
    if (this.#state === "word") {
      if (WORD_LETTER.test(letter)) this.#begun += letter;
      else if (WORD.test(this.#begun)) {
        this.sink.word(this.#begun, true);
        this.#end();
        return at;
      } else return this.#fail(this.#begun, at);
      return at + 1;
    }
    if (this.#state === "fence") {
      if (letter === "\n") this.#state = "start";
      return at + 1;
    }
    if (SPACE.test(letter)) return at + 1;
    if (this.#state === "start" && letter === "`") this.#state = "fence";
    else if (this.#state === "start" ? letter === "{" || letter === "[" : this.#takesValue) {
      if (letter === "]" && this.#state === "first") this.#close();
      else return this.#value(letter, at);
    } else if (this.#state === "key" || (this.#state === "first" && this.#inObject)) {
      if (letter === '"') this.#state = "name";
      else if (letter === "}" && this.#state === "first") this.#close();
      else return this.#fail("", at);
    } else if (this.#state === "colon" && letter === ":") this.#state = "value";
    else if (this.#state === "next" && letter === ",") this.#state = this.#inObject ? "key" : "value";
    else if (this.#state === "next" && letter === (this.#inObject ? "}" : "]")) this.#close();
    else return this.#fail("", at);
    return at + 1;
  }

  #value(letter: string, at: number): number {
    if (letter === "{" || letter === "[") {
      this.#open.push(letter === "{" ? "object" : "array");
      this.#state = "first";
      this.sink.open(letter === "{" ? "object" : "array");
    } else if (letter === '"') {
      this.#state = "text";
    } else if (WORD_LETTER.test(letter)) {
      this.#state = "word";
      this.#begun = letter;
    } else return this.#fail("", at);
    return at + 1;
  }

  /** Consume a string or name up to the next special character. */
  #string(piece: string, from: number): number {
    if (this.#escape) return this.#escaped(piece, from);
    let at = from;
    while (at < piece.length && piece[at] !== '"' && piece[at] !== "\\") at++;
    const isWhole = piece[at] === '"';
    this.#begun += piece.slice(from, at);
    if (piece[at] === "\\") this.#escape = "\\";
    if (!isWhole) return at + 1;
    if (this.#state === "text") {
      this.#say(true);
      this.#end();
    } else {
      this.sink.key(this.#begun);
      this.#begun = "";
      this.#state = "colon";
    }
    return at + 1;
  }

  #escaped(piece: string, at: number): number {
    this.#escape += piece[at];
    const kind = this.#escape[1] as string;
    if (kind === "u") {
      if (this.#escape.length < 6) return at + 1;
      const code = Number.parseInt(this.#escape.slice(2), 16);
      this.#begun += Number.isNaN(code) ? this.#escape : String.fromCharCode(code);
    } else this.#begun += ESCAPES[kind] ?? this.#escape;
    this.#escape = "";
    return at + 1;
  }

  #say(isWhole: boolean): void {
    if (this.#begun || isWhole) this.sink.text(this.#begun, isWhole);
    this.#begun = "";
  }

  #close(): void {
    this.#open.pop();
    this.sink.close();
    this.#end();
  }

  /** Handle the end of a value. */
  #end(): void {
    this.#begun = "";
    this.#state = this.#open.length > 0 ? "next" : "start";
  }

  #fail(before: string, at: number): number {
    this.#state = "rest";
    if (before) this.sink.rest(before);
    return at;
  }

  get #inObject(): boolean {
    return this.#open.at(-1) === "object";
  }

  get #takesValue(): boolean {
    return this.#state === "value" || (this.#state === "first" && !this.#inObject);
  }
}

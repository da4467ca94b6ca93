/** Reading text/event-stream by hand: the reader that browsers bring can only GET. */

export interface Message {
  id: string;
  event: string;
  data: string;
}

/**
 * Takes bytes as they come and gives the messages that they complete. A piece may end inside a
 * UTF-8 sequence, inside a line, or between the CR and the LF that end one.
 */
export class MessageReader {
  private decoder = new TextDecoder();
  private rest = "";
  private id = "";
  private event = "";
  private data: string[] = [];

  push(bytes: Uint8Array): Message[] {
    const text = this.rest + this.decoder.decode(bytes, { stream: true });
    // A CR at the very end may be half of a CRLF: it waits for what follows.
    const cut = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, cut).split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? "") + text.slice(cut);
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): Message[] {
    if (line === "") return this.dispatched();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.data.push(value);
    else if (name === "event") this.event = value;
    else if (name === "id") this.id = value;
    return [];
  }

  private dispatched(): Message[] {
    const { id, event, data } = this;
    this.event = "";
    this.data = [];
    return data.length ? [{ id, event: event || "message", data: data.join("\n") }] : [];
  }
}

import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CHAT_RESULT, type HttpAnswer } from "./error-table";

/** A server on the loopback that records the bodies of chat requests, and gives the answer of the test. */
export class LoopbackService {
  readonly bodies: string[] = [];
  answer: HttpAnswer = {
    name: "a result",
    status: 200,
    contentType: "application/json",
    body: JSON.stringify(CHAT_RESULT),
  };
  /** Whether requests wait until `release`. */
  holds = false;
  readonly #held: ServerResponse[] = [];
  readonly #arrivals: (() => void)[] = [];
  readonly #server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      this.bodies.push(Buffer.concat(pieces).toString());
      if (this.holds) this.#held.push(response);
      else this.#reply(response);
      for (const arrive of this.#arrivals.splice(0)) arrive();
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, "127.0.0.1", listening));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when the next request has arrived. */
  get arrival(): Promise<void> {
    return new Promise((arrive) => this.#arrivals.push(arrive));
  }

  release(): void {
    for (const response of this.#held.splice(0)) this.#reply(response);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  #reply(response: ServerResponse): void {
    const { status, contentType, body } = this.answer;
    response.writeHead(status, contentType ? { "content-type": contentType } : {});
    response.end(body);
  }
}

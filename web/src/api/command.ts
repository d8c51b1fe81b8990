import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiError } from './client';

/**
 * Names the commands of one form, or of one row of buttons, to the platform, which does once what is said twice under one key. The same words have
 * the same key until an answer says that they were done: a lost answer, or a refusal after it, leaves open whether they were. Only `useCommand`
 * makes one, and every command that has a key asks for one.
 */
class Sender {
  readonly #keys = new Map<string, string>();

  /** @param said What the platform tells commands apart by: method, path, body, and for whom. */
  keyOf(said: string): string {
    const key = this.#keys.get(said) ?? newKey();
    this.#keys.set(said, key);
    return key;
  }

  /** It was done: said once more, it is meant anew. What others said is open as before. */
  done(said: string): void {
    this.#keys.delete(said);
  }
}

export type { Sender };

type Send = (by: Sender) => Promise<unknown>;

export interface Command {
  busy: boolean;
  /** What went wrong the last time; null while it is tried again. */
  error: unknown;
  /** Sends, unless something is still under way. Whatever follows an answer belongs into `send`: what fails there is shown too. */
  run: (send: Send) => void;
  /** The last one again, when nobody knows whether it was done; a form sends itself instead, as it is filled in by then. */
  retry: (() => void) | undefined;
  /** Forgets the error. Keys stay. */
  clear: () => void;
}

/** Whether no answer of the platform came, so that the command may have been done. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status === 408 || error.status >= 500);

/** The one way to send a command, with its state for the button that sends it. */
export function useCommand(): Command {
  const [sender] = useState(() => new Sender());
  const running = useRef(false);
  // It is the person who tries again, and the browser's own idea of being connected is no reason to wait.
  const { mutateAsync, isPending, error, variables, reset } = useMutation<unknown, unknown, Send>({
    mutationFn: (send) => send(sender),
    networkMode: 'always',
    retry: false,
    // What was sent, which may have been a password, is not kept longer than the view that sent it.
    gcTime: 0,
  });
  function run(send: Send): void {
    // The button is disabled only with the next drawing, and keys of the keyboard know nothing of it.
    if (running.current) return;
    running.current = true;
    void mutateAsync(send)
      .catch(() => undefined)
      .finally(() => {
        running.current = false;
      });
  }
  return {
    busy: isPending,
    error,
    run,
    retry: variables && isUnanswered(error) ? () => run(variables) : undefined,
    clear: reset,
  };
}

/** A fresh key. `randomUUID` exists on secure origins and on this machine only, so plain HTTP needs the long way. */
function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

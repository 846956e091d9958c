/** One line for each code: what it means to a person, and what to do about it. */
export const ERROR_TABLE = {
  // input and configuration
  BAD_ARGUMENT: ['An argument is not valid.', 'Run the command with --help to see what it takes.'],
  BAD_CONFIG: [
    'The configuration is not valid.',
    'Mend the named setting in the config file, DATDOT_* or flag.'
  ],
  BAD_KEY: ['The key is not a 32-byte hypercore key.', 'Give it as 64 hex digits or as z-base-32.'],
  BAD_AMOUNT: ['The amount is not valid.', 'Give a positive number of DAT with at most 12 decimals.'],
  BAD_RANGE: ['The range is outside the data.', 'Choose a range between 0 and the length.'],
  NOT_FOUND: ['What was asked for does not exist.', 'Check the name or the number.'],
  // this machine
  STORAGE_LOCKED: ['Another process uses this storage folder.', 'Stop it, or choose another --storage.'],
  STORAGE_UNWRITABLE: [
    'The storage folder cannot be written.',
    'Check its owner and rights, or choose another --storage.'
  ],
  DISK_FULL: ['The disk is full.', 'Free some space, then start again: work goes on where it stopped.'],
  PORT_IN_USE: ['The port is in use.', 'Choose another --port, or 0 for any.'],
  RECORDS_DAMAGED: [
    'The records of this node are damaged.',
    'Move the records folder away and start again: the node rebuilds it from the chain and from what it holds.'
  ],
  CORES_DAMAGED: [
    'The store of hypercores of this node is damaged.',
    'Move the cores folder away and start again: what others serve is fetched from them, cores made here need a backup.'
  ],
  KEY_MISSING: ['There is no key in this storage folder.', 'Run `datdot keys new` or `datdot keys import`.'],
  KEY_EXISTS: [
    'There is a key already; it is not overwritten.',
    'Choose another --storage, or move the key file away.'
  ],
  KEY_INVALID: ['The key file or phrase is not valid.', 'Check the 12 words, or the passphrase file.'],
  ABORTED: ['Stopped before it was done.', 'Run it again: finished work is kept.'],
  PROCESS_ENDED: [
    'A process of the local network ended before its time.',
    'See its log, then start again: work goes on where it stopped.'
  ],
  INTERNAL: ['Something happened that should not.', 'Please report it with the log.'],
  // chain
  CHAIN_UNREACHABLE: ['The chain cannot be reached.', 'Check --chain, or start one with `datdot chain`.'],
  CHAIN_WRONG: [
    'This is not a datdot chain, or not the one used before.',
    'Check --chain; for another chain choose another --storage.'
  ],
  CHAIN_VERSION: [
    'The runtime of the chain is not one this program knows.',
    'Update datdot, or use a matching chain.'
  ],
  CHAIN_FAILED: ['The node of the chain failed to answer.', 'Try again, or choose another --chain.'],
  CALL_REFUSED: ['The chain refused the call.', 'See the reason in the message.'],
  CALL_DROPPED: [
    'The call did not get into a block in time.',
    'Check that the chain makes blocks, then try again.'
  ],
  FUNDS_LOW: ['The account has too little to pay for this.', 'Send some DAT to it.'],
  RUNTIME_MISMATCH: [
    'The chain database belongs to another runtime.',
    'Use the matching version, or choose another --storage.'
  ],
  CHAIN_DAMAGED: [
    'The database of the embedded chain is damaged.',
    'Move its storage folder away and start again: the chain begins anew, and so do its nodes.'
  ],
  // hypercore
  CORE_EMPTY: ['The core has no blocks or no bytes yet.', 'Append something first.'],
  APPEND_PARTIAL: [
    'Only a part of the input was appended.',
    'That part stays. Run again, the command appends the input from its beginning.'
  ],
  CORE_UNAVAILABLE: [
    'Nobody serves this core now.',
    'Check the key, and that its author or a pinner is online.'
  ],
  CORE_UNSUPPORTED: [
    'This kind of core cannot be pinned.',
    'One ed25519 signer, quorum 1, without patches is supported.'
  ],
  CORE_FORKED: [
    'The author has cut the core: it has another tree now.',
    'Publish the new tree, or run the download again: it begins anew.'
  ],
  TREE_INVALID: ['The tree proof of the core does not verify.', 'Get the core from another peer.'],
  DATA_MISMATCH: ['The data does not match its hash.', 'Get it from another peer.'],
  // copies
  CELL_INVALID: ['An encoded cell is not valid.', 'The span is refused; another signer will be drawn.'],
  CELLS_DAMAGED: [
    'A file of encoded cells is damaged.',
    'It is not served; the cells are asked for again where that is possible.'
  ],
  RSA_INVALID: ['The RSA key or modulus is not valid for TPE-1.', 'A new key is made for each span.'],
  CODEC_FAULT: [
    'An encoded cell did not decode to its slice before it left the process.',
    'Check the memory and processor of this machine.'
  ],
  WORKER_FAILED: ['A codec worker stopped.', 'Start the node again: work goes on where it stopped.'],
  POOL_CLOSED: ['The codec is closed.', 'Start the node again.'],
  CAPACITY_FULL: ['The pinner has no capacity left.', 'Raise --capacity.'],
  // wire
  WIRE_BAD_MESSAGE: ['A peer sent a message that is not valid.', 'Its channel was closed.'],
  WIRE_OUT_OF_ORDER: ['A peer sent a message out of order.', 'Its channel was closed.'],
  WIRE_REFUSED: ['The peer refused.', 'See the reason in the message.'],
  WIRE_CLOSED: ['The connection to the peer was closed.', 'It is tried again.'],
  WIRE_RATE_LIMITED: ['The peer asks too much at once.', 'Try again later.'],
  PEER_UNREACHABLE: ['The peer cannot be reached.', 'It is tried again.'],
  DHT_UNREACHABLE: ['No node of the DHT answers.', 'Check the network and --bootstrap: it is tried again.'],
  PEER_WRONG: ['The peer is not the one on the chain.', 'Its channel was closed.'],
  // money
  UNDERFUNDED: ['The pot cannot pay for that.', 'Donate more.'],
  POT_EXHAUSTED: ['The pot is exhausted.', 'Donate more.'],
  // vectors
  VECTORS_INVALID: ['The file is not one of the three vector formats.', 'See test/vectors/README.md.']
} as const satisfies Record<string, readonly [sentence: string, help: string]>

/** The closed union of error codes: the keys of {@link ERROR_TABLE}. */
export type ErrorCode = keyof typeof ERROR_TABLE

/** Every refusal and failure of ours: a code, the facts, what helps, and the cause. */
export class DatdotError extends Error {
  readonly code: ErrorCode
  readonly details: Record<string, unknown>

  constructor(
    code: ErrorCode,
    message?: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {}
  ) {
    super(message ?? ERROR_TABLE[code][0], options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'DatdotError'
    this.code = code
    this.details = options.details ?? {}
  }

  /** What a person can do about it. */
  get help(): string {
    return ERROR_TABLE[this.code][1]
  }
}

/** True for an error of ours, with one of the given codes when any are given. */
export function isDatdotError(error: unknown, ...codes: ErrorCode[]): error is DatdotError {
  return error instanceof DatdotError && (codes.length === 0 || codes.includes(error.code))
}

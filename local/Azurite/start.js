// Starts Azurite as a child that never outlives its parent: the parent holds the other end of our standard input.
'use strict';

const { rmSync } = require('fs');
const { join } = require('path');

// Ctrl-C reaches every process of the terminal at once; the parent still needs its storage to finish the message in hand.
const once = process.once.bind(process);
process.once = (event, listener) => (event === 'SIGINT' ? process : once(event, listener));
process.on('SIGINT', () => {});

// The input ends when the parent closes it or dies. On SIGTERM Azurite saves what it holds in memory.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();

// Data that is worth nothing afterwards goes even when the parent was killed.
if (process.env.AZURITE_THROWAWAY_DATA) {
  process.on('exit', () => rmSync(process.env.AZURITE_THROWAWAY_DATA, { recursive: true, force: true }));
}

require(join(process.cwd(), 'node_modules', 'azurite', 'dist', 'src', 'azurite.js'));

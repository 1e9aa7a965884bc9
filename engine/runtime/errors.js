'use strict';
const { types } = require('node:util');

// What Lambda's Node runtime makes of errors: in the response, and in the log.

/** The runtime has a class for each of its errors: JSON logs tell the class, responses and text logs the name. */
const classes = new Map();

function runtimeError(type, reason) {
  let known = classes.get(type);
  if (!known) {
    known = { [type]: class extends Error {} }[type];
    classes.set(type, known);
  }
  const error = new known(reason);
  // The name belongs into the stack's first line, which is written on construction: write it again.
  Object.defineProperty(error, 'name', { value: `Runtime.${type}`, configurable: true });
  error.stack = `${error.name}: ${error.message}${String(error.stack).slice(`Error: ${error.message}`.length)}`;
  return error;
}

const unprintable = (text) => (typeof text === 'string' ? text.replace(/\x7f/g, '%7F') : text);

function isErrorLike(value) {
  return (
    types.isNativeError(value) ||
    (value &&
      typeof value.name === 'string' &&
      typeof value.message === 'string' &&
      typeof value.stack === 'string')
  );
}

/** The body of an error response. */
function toResponse(error) {
  try {
    if (isErrorLike(error)) {
      return {
        errorType: unprintable(error.name),
        errorMessage: unprintable(error.message),
        trace: String(unprintable(error.stack)).split('\n'),
      };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    };
  }
}

/** The text of an error in the log. */
function toLog(error) {
  try {
    return `\t${JSON.stringify(error, (_key, value) =>
      value instanceof Error
        ? {
            errorType: value.name,
            errorMessage: value.message,
            code: value.code,
            ...value,
            stack: typeof value.stack === 'string' ? value.stack.split('\n') : value.stack,
          }
        : value,
    )}`;
  } catch {
    return `\t${JSON.stringify(toResponse(error))}`;
  }
}

/** Writes an error that ended the init phase or an invocation, in the log's format. */
function logError(what, error) {
  const real = error instanceof Error ? error : new Error(error);
  if (process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON') console.error(real);
  else console.error(what, toLog(real));
}

module.exports = { runtimeError, toResponse, logError };

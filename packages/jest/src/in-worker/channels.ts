/** A set-up file hands over the global object of its sandbox. */
export const sandboxChannel = 'promise-failure:jest:sandbox';

/** In band the reporter listens, and gets ready while hooks run that follow the failure. */
export const likelyChannel = 'promise-failure:jest:failure-likely';

/** Names the file in which final attempts are told. */
export const finalVariable = 'PROMISE_FAILURE_JEST_FINAL';

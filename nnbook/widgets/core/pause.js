// Lets the browser answer the reader between two parts of a preparation.
export const pause = () => new Promise(done => setTimeout(done));

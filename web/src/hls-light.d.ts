// hls.js ships one set of types, for the full build; the light one has the same interface with fewer features.
declare module 'hls.js/light' {
  export { default } from 'hls.js'
}

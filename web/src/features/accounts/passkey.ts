/** An object that the browser and the server know the shape of; the schema calls it an object. */
type Opaque = Record<string, never>

/** A ceremony that the server has begun, with the options that the browser's own parser reads. */
interface Begun {
  ceremony: string
  options: Opaque
}

/** A signed ceremony, as the server takes it. */
export interface Assertion {
  ceremony: string
  credential: Opaque
}

/** Whether passkeys can work here: browsers know them under a name and over https, or on localhost. */
export function passkeysWork(): boolean {
  const isNumber = /^[\d.]+$|^\[/.test(window.location.hostname)
  return window.isSecureContext && !isNumber && typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential
}

/** Whether the browser can offer passkeys among the suggestions of a field. */
export async function passkeysSuggest(): Promise<boolean> {
  return passkeysWork() && 'isConditionalMediationAvailable' in PublicKeyCredential && (await PublicKeyCredential.isConditionalMediationAvailable())
}

/** Lets an authenticator make a passkey. */
export async function attestation({ ceremony, options }: Begun): Promise<Assertion> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as unknown as PublicKeyCredentialCreationOptionsJSON)
  return signed(ceremony, await navigator.credentials.create({ publicKey }))
}

/** Lets an authenticator use a passkey; with a signal, once its owner picks one in a field. */
export async function assertion({ ceremony, options }: Begun, signal?: AbortSignal): Promise<Assertion> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as unknown as PublicKeyCredentialRequestOptionsJSON)
  const asked = signal ? { publicKey, mediation: 'conditional' as const, signal } : { publicKey }
  return signed(ceremony, await navigator.credentials.get(asked))
}

function signed(ceremony: string, credential: Credential | null): Assertion {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException('No passkey', 'NotAllowedError')
  return { ceremony, credential: credential.toJSON() as Opaque }
}

/** Its owner closed the browser's window, or no passkey was at hand: nothing went wrong. */
export function wasDeclined(cause: unknown): boolean {
  return cause instanceof DOMException && (cause.name === 'NotAllowedError' || cause.name === 'AbortError')
}

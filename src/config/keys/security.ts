// Broker keys of authentication, authorization and TLS.
import { boolean, double, int, javaClass, list, long, password, short, string } from './key.ts'

export const securityKeys = {
  'authorizer.class.name': string('', {
    doc: 'Class that decides who may do what; empty means that everyone may do everything.',
  }),
  'connection.failed.authentication.delay.ms': int(100, {
    min: 0,
    used: false,
    doc: 'Time a connection stays open after its authentication failed, to slow down guessing.',
  }),
  'connections.max.reauth.ms': long(0, {
    used: false,
    doc: 'Time after which a SASL client must authenticate again; 0 means never.',
  }),
  'delegation.token.expiry.check.interval.ms': long(3600000, {
    min: 1,
    used: false,
    doc: 'Time between two searches for expired delegation tokens.',
  }),
  'delegation.token.expiry.time.ms': long(86400000, {
    min: 1,
    used: false,
    doc: 'Time after which a delegation token must be renewed.',
  }),
  'delegation.token.max.lifetime.ms': long(604800000, {
    min: 1,
    used: false,
    doc: 'Age after which a delegation token cannot be renewed any more.',
  }),
  'delegation.token.secret.key': password({
    used: false,
    doc: 'Secret with which delegation tokens are signed and checked.',
  }),
  'early.start.listeners': list(null, {
    distinct: true,
    used: false,
    doc: 'Listeners that open before the authorizer is ready.',
  }),
  'principal.builder.class': javaClass(
    'org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder',
    {
      dynamic: 'per-broker',
      used: false,
      doc: 'Java class that names the principal of a connection.',
    },
  ),
  'sasl.client.callback.handler.class': javaClass(null, {
    used: false,
    doc: 'Java class that answers SASL questions on the client side.',
  }),
  'sasl.enabled.mechanisms': list('GSSAPI', {
    distinct: true,
    dynamic: 'per-broker',
    used: false,
    doc: 'SASL mechanisms that are switched on.',
  }),
  'sasl.jaas.config': password({
    dynamic: 'per-broker',
    used: false,
    doc: 'Login module and its options for SASL.',
  }),
  'sasl.kerberos.kinit.cmd': string('/usr/bin/kinit', {
    dynamic: 'per-broker',
    used: false,
    doc: 'Path of the Kerberos kinit command.',
  }),
  'sasl.kerberos.min.time.before.relogin': long(60000, {
    dynamic: 'per-broker',
    used: false,
    doc: 'Shortest time between two Kerberos logins.',
  }),
  'sasl.kerberos.principal.to.local.rules': list('DEFAULT', {
    distinct: true,
    dynamic: 'per-broker',
    used: false,
    doc: 'Rules that make short names of Kerberos principals.',
  }),
  'sasl.kerberos.service.name': string(null, {
    dynamic: 'per-broker',
    used: false,
    doc: 'Kerberos name of the brokers.',
  }),
  'sasl.kerberos.ticket.renew.jitter': double(0.05, {
    dynamic: 'per-broker',
    used: false,
    doc: 'Random part of the Kerberos renewal time.',
  }),
  'sasl.kerberos.ticket.renew.window.factor': double(0.8, {
    dynamic: 'per-broker',
    used: false,
    doc: "Part of a Kerberos ticket's life after which it is renewed.",
  }),
  'sasl.login.callback.handler.class': javaClass(null, {
    used: false,
    doc: 'Java class that answers SASL questions at login.',
  }),
  'sasl.login.class': javaClass(null, { used: false, doc: 'Java class that does the SASL login.' }),
  'sasl.login.connect.timeout.ms': int(null, {
    used: false,
    doc: 'Time after which a connection to a token server is given up.',
  }),
  'sasl.login.read.timeout.ms': int(null, {
    used: false,
    doc: 'Time after which a read from a token server is given up.',
  }),
  'sasl.login.refresh.buffer.seconds': short(300, {
    dynamic: 'per-broker',
    used: false,
    doc: 'Time before its end at which a token is renewed at the latest.',
  }),
  'sasl.login.refresh.min.period.seconds': short(60, {
    dynamic: 'per-broker',
    used: false,
    doc: 'Shortest time between two renewals of a token.',
  }),
  'sasl.login.refresh.window.factor': double(0.8, {
    dynamic: 'per-broker',
    used: false,
    doc: "Part of a token's life after which it is renewed.",
  }),
  'sasl.login.refresh.window.jitter': double(0.05, {
    dynamic: 'per-broker',
    used: false,
    doc: 'Random part of the token renewal time.',
  }),
  'sasl.login.retry.backoff.max.ms': long(10000, {
    used: false,
    doc: 'Longest wait before a failed token request is tried again.',
  }),
  'sasl.login.retry.backoff.ms': long(100, {
    used: false,
    doc: 'First wait before a failed token request is tried again.',
  }),
  'sasl.mechanism.controller.protocol': string('GSSAPI', {
    used: false,
    doc: 'SASL mechanism towards controllers.',
  }),
  'sasl.mechanism.inter.broker.protocol': string('GSSAPI', {
    dynamic: 'per-broker',
    used: false,
    doc: 'SASL mechanism between brokers.',
  }),
  'sasl.oauthbearer.allow.unverified.audience': boolean(false, {
    used: false,
    doc: 'Whether tokens are taken without a check of their audience.',
  }),
  'sasl.oauthbearer.allow.unverified.issuer': boolean(false, {
    used: false,
    doc: 'Whether tokens are taken without a check of their issuer.',
  }),
  'sasl.oauthbearer.assertion.algorithm': string('RS256', {
    anyCaseOf: ['ES256', 'RS256'],
    used: false,
    doc: "Signature algorithm of a client's assertion.",
  }),
  'sasl.oauthbearer.assertion.claim.aud': string(null, {
    used: false,
    doc: "Audience claim of a client's assertion.",
  }),
  'sasl.oauthbearer.assertion.claim.exp.seconds': int(300, {
    min: 0,
    max: 86400,
    used: false,
    doc: "Lifetime of a client's assertion.",
  }),
  'sasl.oauthbearer.assertion.claim.iss': string(null, {
    used: false,
    doc: "Issuer claim of a client's assertion.",
  }),
  'sasl.oauthbearer.assertion.claim.jti.include': boolean(false, {
    used: false,
    doc: "Whether a client's assertion carries an id.",
  }),
  'sasl.oauthbearer.assertion.claim.nbf.seconds': int(60, {
    min: 0,
    max: 3600,
    used: false,
    doc: "Seconds before now at which a client's assertion begins to be valid.",
  }),
  'sasl.oauthbearer.assertion.claim.sub': string(null, {
    used: false,
    doc: "Subject claim of a client's assertion.",
  }),
  'sasl.oauthbearer.assertion.file': string(null, {
    used: false,
    doc: 'File with a finished client assertion.',
  }),
  'sasl.oauthbearer.assertion.private.key.file': string(null, {
    used: false,
    doc: 'File with the key that signs client assertions.',
  }),
  'sasl.oauthbearer.assertion.private.key.passphrase': password({
    used: false,
    doc: 'Passphrase of the key that signs client assertions.',
  }),
  'sasl.oauthbearer.assertion.template.file': string(null, {
    used: false,
    doc: 'File with claims for client assertions.',
  }),
  'sasl.oauthbearer.client.credentials.client.id': string(null, {
    used: false,
    doc: 'Client id for the token server.',
  }),
  'sasl.oauthbearer.client.credentials.client.secret': password({
    used: false,
    doc: 'Client secret for the token server.',
  }),
  'sasl.oauthbearer.clock.skew.seconds': int(30, {
    used: false,
    doc: 'Difference of clocks that is tolerated in tokens.',
  }),
  'sasl.oauthbearer.expected.audience': list('', {
    distinct: true,
    used: false,
    doc: 'Audiences that a token may name.',
  }),
  'sasl.oauthbearer.expected.issuer': string(null, {
    used: false,
    doc: 'Issuer that a token must name.',
  }),
  'sasl.oauthbearer.jwks.endpoint.refresh.ms': long(3600000, {
    used: false,
    doc: 'Time between two loads of the signing keys.',
  }),
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms': long(10000, {
    used: false,
    doc: 'Longest wait before loading the signing keys is tried again.',
  }),
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.ms': long(100, {
    used: false,
    doc: 'First wait before loading the signing keys is tried again.',
  }),
  'sasl.oauthbearer.jwks.endpoint.url': string(null, {
    used: false,
    doc: 'Address of the signing keys.',
  }),
  'sasl.oauthbearer.jwt.retriever.class': javaClass(
    'org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever',
    { used: false, doc: 'Java class that fetches tokens.' },
  ),
  'sasl.oauthbearer.jwt.validator.class': javaClass(
    'org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator',
    { used: false, doc: 'Java class that checks tokens.' },
  ),
  'sasl.oauthbearer.scope': string(null, {
    used: false,
    doc: 'Scope that is asked for at the token server.',
  }),
  'sasl.oauthbearer.scope.claim.name': string('scope', {
    used: false,
    doc: 'Claim of a token that holds its scope.',
  }),
  'sasl.oauthbearer.sub.claim.name': string('sub', {
    used: false,
    doc: 'Claim of a token that names the principal.',
  }),
  'sasl.oauthbearer.token.endpoint.url': string(null, {
    used: false,
    doc: 'Address of the token server.',
  }),
  'sasl.server.callback.handler.class': javaClass(null, {
    used: false,
    doc: 'Java class that answers SASL questions on the broker side.',
  }),
  'sasl.server.max.receive.size': int(524288, {
    used: false,
    doc: 'Most bytes of one SASL message before authentication is complete.',
  }),
  'security.inter.broker.protocol': string('PLAINTEXT', {
    oneOf: ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'],
    used: false,
    doc: 'Security protocol between brokers, where no listener name is set for them.',
  }),
  'security.providers': string(null, { used: false, doc: 'Java security providers.' }),
  'ssl.allow.dn.changes': boolean(false, {
    used: false,
    doc: 'Whether a new certificate may carry another distinguished name.',
  }),
  'ssl.allow.san.changes': boolean(false, {
    used: false,
    doc: 'Whether a new certificate may lose alternative names.',
  }),
  'ssl.cipher.suites': list('', {
    distinct: true,
    dynamic: 'per-broker',
    used: false,
    doc: "TLS cipher suites that are switched on; empty means the runtime's own.",
  }),
  'ssl.client.auth': string('none', {
    oneOf: ['required', 'requested', 'none'],
    dynamic: 'per-broker',
    used: false,
    doc: 'Whether clients must show a certificate.',
  }),
  'ssl.enabled.protocols': list('TLSv1.2,TLSv1.3', {
    distinct: true,
    dynamic: 'per-broker',
    used: false,
    doc: 'TLS versions that are switched on.',
  }),
  'ssl.endpoint.identification.algorithm': string('https', {
    dynamic: 'per-broker',
    used: false,
    doc: 'How the host name in a certificate is checked; empty switches the check off.',
  }),
  'ssl.engine.factory.class': javaClass(null, {
    dynamic: 'per-broker',
    used: false,
    doc: 'Java class that makes TLS engines.',
  }),
  'ssl.key.password': password({
    dynamic: 'per-broker',
    used: false,
    doc: 'Password of the private key.',
  }),
  'ssl.keymanager.algorithm': string('SunX509', {
    dynamic: 'per-broker',
    used: false,
    doc: 'Java algorithm of the key store.',
  }),
  'ssl.keystore.certificate.chain': password({
    dynamic: 'per-broker',
    used: false,
    doc: 'Certificate chain as PEM text.',
  }),
  'ssl.keystore.key': password({
    dynamic: 'per-broker',
    used: false,
    doc: 'Private key as PEM text.',
  }),
  'ssl.keystore.location': string(null, {
    dynamic: 'per-broker',
    used: false,
    doc: 'File with key and certificates of this broker.',
  }),
  'ssl.keystore.password': password({
    dynamic: 'per-broker',
    used: false,
    doc: 'Password of the key store.',
  }),
  'ssl.keystore.type': string('JKS', {
    dynamic: 'per-broker',
    used: false,
    doc: 'Format of the key store: JKS, PKCS12 or PEM.',
  }),
  'ssl.principal.mapping.rules': string('DEFAULT', {
    used: false,
    doc: 'Rules that make short names of certificate names.',
  }),
  'ssl.protocol': string('TLSv1.3', {
    dynamic: 'per-broker',
    used: false,
    doc: 'TLS version for new connections.',
  }),
  'ssl.provider': string(null, {
    dynamic: 'per-broker',
    used: false,
    doc: 'Java security provider for TLS.',
  }),
  'ssl.secure.random.implementation': string(null, {
    dynamic: 'per-broker',
    used: false,
    doc: 'Java source of randomness for TLS.',
  }),
  'ssl.trustmanager.algorithm': string('PKIX', {
    dynamic: 'per-broker',
    used: false,
    doc: 'Java algorithm of the trust store.',
  }),
  'ssl.truststore.certificates': password({
    dynamic: 'per-broker',
    used: false,
    doc: 'Trusted certificates as PEM text.',
  }),
  'ssl.truststore.location': string(null, {
    dynamic: 'per-broker',
    used: false,
    doc: 'File with trusted certificates.',
  }),
  'ssl.truststore.password': password({
    dynamic: 'per-broker',
    used: false,
    doc: 'Password of the trust store.',
  }),
  'ssl.truststore.type': string('JKS', {
    dynamic: 'per-broker',
    used: false,
    doc: 'Format of the trust store: JKS, PKCS12 or PEM.',
  }),
} as const

/** Read by Kafka's standard authorizer, so not in Kafka's own list: described only when set. */
export const authorizerKeys = {
  'allow.everyone.if.no.acl.found': boolean(false, {
    used: false,
    doc: 'Whether a resource without any ACL is open to everyone.',
  }),
  'super.users': string(null, {
    used: false,
    doc: 'Principals that may do everything, separated by semicolons.',
  }),
} as const

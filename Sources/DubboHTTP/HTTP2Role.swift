/// Which side of the connection an engine plays.
package enum HTTP2Role: Sendable {
  case client
  case server
}

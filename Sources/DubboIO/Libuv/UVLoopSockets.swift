internal import CLibuv

/// What the backend opens.
extension UVLoop {
  func connect(to address: SocketAddress, owner: any SocketOwner) throws(IOFailure) -> any StreamSocket {
    let socket = try UVSocket(on: self, isPipe: address.port == nil, owner: owner)
    do throws(IOFailure) {
      try socket.connect(to: address)
    } catch {
      socket.owner = nil
      socket.close(reset: false)
      throw error
    }
    return socket
  }

  func adopt(_ accepted: AcceptedSocket, owner: any SocketOwner) throws(IOFailure) -> any StreamSocket {
    let socket: UVSocket
    do throws(IOFailure) {
      socket = try UVSocket(on: self, isPipe: accepted.peer.port == nil, owner: owner)
    } catch {
      dubbo_close_reset(accepted.descriptor)
      throw error
    }
    do throws(IOFailure) {
      try socket.open(accepted.descriptor)
    } catch {
      socket.owner = nil
      socket.close(reset: false)
      dubbo_close_reset(accepted.descriptor)
      throw error
    }
    return socket
  }

  func listen(at address: SocketAddress, backlog: Int, owner: any ListenSocketOwner) throws(IOFailure)
    -> any ListenSocket
  {
    try UVListenSocket(on: self, at: address, backlog: backlog, owner: owner)
  }

  func resolve(host: String, port: UInt16, owner: any ResolutionOwner) throws(IOFailure) {
    guard !host.isEmpty, host.utf8.count < 254, !host.utf8.contains(0) else {
      throw IOFailure(.nameNotFound, "look up", on: host, reason: "a host name has 1 to 253 characters")
    }
    try UVLookup(on: self, host: host, owner: owner).start(port: port)
  }
}

/// What the backend watches.
extension UVLoop {
  func watch(folder: String, owner: any FolderSourceOwner) throws(IOFailure) -> any EventSource {
    guard !folder.isEmpty, !folder.utf8.contains(0) else {
      throw IOFailure(.notFound, "watch", on: folder, reason: "this is no path of a folder")
    }
    return try UVFolderEvents(on: self, path: folder, owner: owner)
  }
}

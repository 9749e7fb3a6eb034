import DubboCore
import FuzzSupport

/// Any text is a URL or an error at a byte of it; what is a URL reads back from both its forms.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzURL(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: input(start, count), as: UTF8.self)
  do throws(DubboURL.ParseError) {
    try check(DubboURL(text))
  } catch {
    require(error.offset >= 0 && error.offset <= text.utf8.count, "a mistake outside of the text: \(error)")
  }
  if let url = try? DubboURL(registryText: text) { check(url) }
  return 0
}

private func check(_ url: DubboURL) {
  require((try? DubboURL(url.text)) == url, "\(url.text) is not itself again")
  require((try? DubboURL(registryText: url.registryText)) == url, "\(url.registryText) is not itself again")
  _ = (url.description, url.address, url.interface, url.methods, url.payloadFormat, url.connections, ServiceKey(url))
}

import Testing

@testable import DubboCodeGen

struct SwiftNamesTests {
  @Test(arguments: [
    ("name", "name"), ("trace_id", "traceID"), ("id", "id"), ("http_url", "httpURL"), ("url", "url"),
    ("fooBar", "fooBar"), ("FieldName8", "fieldName8"), ("FIELD_NAME11", "fieldName11"), ("field0name5", "field0Name5"),
    ("__field_name13", "fieldName13"), ("_2d", "_2D"), ("greetClientStream", "greetClientStream"),
    ("self", "self_p"), ("description", "description_p"), ("class", "class"),
  ])
  func `a field's name becomes lower camel case`(proto: String, swift: String) {
    #expect(SwiftNames.field(proto) == swift)
  }

  @Test(arguments: [
    ("Status", "STATUS_ACTIVE", "active"), ("Status", "ACTIVE", "active"), ("FooBar", "FOO_BAR_BAZ", "baz"),
    ("Color", "COLOR_3D", "color3D"), ("Color", "COLOR", "color"), ("Color", "COLORED", "ed"),
    ("Kind", "KIND_SELF", "self_"),
  ])
  func `an enum's own name is stripped from its cases`(name: String, value: String, swift: String) {
    #expect(SwiftNames.enumCase(SwiftNames.strip(name, from: value)) == swift)
  }

  @Test
  func `names of Swift's and of ours are not taken by messages`() {
    #expect(SwiftNames.type("Error", suffix: "Message") == "ErrorMessage")
    #expect(SwiftNames.type("Client", suffix: "Message") == "ClientMessage")
    #expect(SwiftNames.type("Order", suffix: "Message") == "Order")
    #expect(SwiftNames.type("Type", suffix: "Enum") == "TypeEnum")
  }

  @Test
  func `a package becomes a prefix as SwiftProtobuf writes it`() {
    #expect(SwiftNames.prefix(ofPackage: "org.apache.dubbo_x.tri") == "Org_Apache_DubboX_Tri_")
    #expect(SwiftNames.prefix(ofPackage: "") == "")
  }
}

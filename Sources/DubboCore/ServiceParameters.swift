// What names a service and the one who offers or asks for it.

/// `application`: The name of the application.
public enum ApplicationKey: URLParameterKey {
  public static let name = "application"
  public static let defaultValue: String? = nil
}

/// `interface`: The service's full name, as in the .proto.
public enum InterfaceKey: URLParameterKey {
  public static let name = "interface"
  public static let defaultValue: String? = nil
}

/// `group`: The group of the service; on a registry's URL the root of its tree.
public enum GroupKey: URLParameterKey {
  public static let name = "group"
  public static let defaultValue: String? = nil
}

/// `version`: The version of the service.
public enum VersionKey: URLParameterKey {
  public static let name = "version"
  public static let defaultValue: String? = nil
}

/// `methods`: The names of the methods that the provider says it has.
public enum MethodsKey: URLParameterKey {
  public static let name = "methods"
  public static let defaultValue: [String] = []
}

/// `side`: Whose URL this is.
public enum SideKey: URLParameterKey {
  public static let name = "side"
  public static let defaultValue: Side? = nil
}

/// `category`: What the URL is in a registry: `providers`, `consumers`, `routers`, `configurators`.
public enum CategoryKey: URLParameterKey {
  public static let name = "category"
  public static let defaultValue: String = "providers"
}

/// `enabled`: False: the provider is there and must not be called.
public enum EnabledKey: URLParameterKey {
  public static let name = "enabled"
  public static let defaultValue: Bool = true
}

/// `disabled`: True: a rule has taken the provider out.
public enum DisabledKey: URLParameterKey {
  public static let name = "disabled"
  public static let defaultValue: Bool = false
}

/// `dynamic`: False: the registration outlives the one who made it.
public enum DynamicKey: URLParameterKey {
  public static let name = "dynamic"
  public static let defaultValue: Bool = true
}

/// `dubbo.tag`: The provider's tag, or the tag that a consumer asks for.
public enum TagKey: URLParameterKey {
  public static let name = "dubbo.tag"
  public static let defaultValue: String? = nil
}

/// `dubbo.force.tag`: True: only providers with the tag, even if there are none.
public enum ForceTagKey: URLParameterKey {
  public static let name = "dubbo.force.tag"
  public static let defaultValue: Bool = false
}

/// `serialization`: How arguments are written, by name.
public enum SerializationKey: URLParameterKey {
  public static let name = "serialization"
  public static let defaultValue: String? = nil
}

/// `compressor`: How a provider's replies and a consumer's requests are compressed, by name; `identity` is not at all.
public enum CompressorKey: URLParameterKey {
  public static let name = "compressor"
  public static let defaultValue: String? = nil
}

extension DubboURL {
  /// The compression that `compressor` names; nil for none and for `identity`.
  package var compressor: String? {
    self[CompressorKey.self].flatMap { $0.isEmpty || $0 == "identity" ? nil : $0 }
  }
}

/// `prefer.serialization`: Serializations that the provider offers, the best first.
public enum PreferSerializationKey: URLParameterKey {
  public static let name = "prefer.serialization"
  public static let defaultValue: [String] = []
}

/// `release`: The version of the framework that wrote the URL.
public enum ReleaseKey: URLParameterKey {
  public static let name = "release"
  public static let defaultValue: String? = nil
}

/// `timestamp`: When the provider started, in milliseconds since 1970; Go's providers write seconds. 0: unknown.
public enum TimestampKey: URLParameterKey {
  public static let name = "timestamp"
  public static let defaultValue: Int = 0
}

/// Which end of a call a URL describes.
public enum Side: String, URLParameterValue {
  case provider
  case consumer
}

extension DubboURL {
  /// `application`: The name of the application.
  public var application: String? {
    get { self[ApplicationKey.self] }
    set { self[ApplicationKey.self] = newValue }
  }

  /// `interface`: The service's full name, as in the .proto.
  public var interface: String? {
    get { self[InterfaceKey.self] }
    set { self[InterfaceKey.self] = newValue }
  }

  /// `group`: The group of the service; on a registry's URL the root of its tree.
  public var group: String? {
    get { self[GroupKey.self] }
    set { self[GroupKey.self] = newValue }
  }

  /// `version`: The version of the service.
  public var version: String? {
    get { self[VersionKey.self] }
    set { self[VersionKey.self] = newValue }
  }

  /// `methods`: The names of the methods that the provider says it has.
  public var methods: [String] {
    get { self[MethodsKey.self] }
    set { self[MethodsKey.self] = newValue }
  }

  /// `side`: Whose URL this is.
  public var side: Side? {
    get { self[SideKey.self] }
    set { self[SideKey.self] = newValue }
  }

  /// `category`: What the URL is in a registry: `providers`, `consumers`, `routers`, `configurators`.
  public var category: String {
    get { self[CategoryKey.self] }
    set { self[CategoryKey.self] = newValue }
  }

  /// `enabled`: False: the provider is there and must not be called.
  public var isEnabled: Bool {
    get { self[EnabledKey.self] }
    set { self[EnabledKey.self] = newValue }
  }

  /// `disabled`: True: a rule has taken the provider out.
  public var isDisabled: Bool {
    get { self[DisabledKey.self] }
    set { self[DisabledKey.self] = newValue }
  }

  /// `dubbo.tag`: The provider's tag, or the tag that a consumer asks for.
  public var tag: String? {
    get { self[TagKey.self] }
    set { self[TagKey.self] = newValue }
  }

  /// `serialization`: How arguments are written, by name.
  public var serialization: String? {
    get { self[SerializationKey.self] }
    set { self[SerializationKey.self] = newValue }
  }

  /// `timestamp`: When the provider started, in milliseconds since 1970; Go's providers write seconds. 0: unknown.
  public var timestamp: Int {
    get { self[TimestampKey.self] }
    set { self[TimestampKey.self] = newValue }
  }
}

// What a registry and the extension catalog are told.

/// `registry`: The name or the URL of the registry.
public enum RegistryKey: URLParameterKey {
  public static let name = "registry"
  public static let defaultValue: String? = nil
}

/// `registry-url`: The URL of the registry behind an `extension://` URL.
public enum RegistryURLKey: URLParameterKey {
  public static let name = "registry-url"
  public static let defaultValue: String? = nil
}

/// `namespace`: The registry's namespace.
public enum NamespaceKey: URLParameterKey {
  public static let name = "namespace"
  public static let defaultValue: String? = nil
}

/// `backup`: Further addresses of the same registry.
public enum BackupKey: URLParameterKey {
  public static let name = "backup"
  public static let defaultValue: [String] = []
}

/// `urls`: The providers of a static registry.
public enum StaticURLsKey: URLParameterKey {
  public static let name = "urls"
  public static let defaultValue: [String] = []
}

/// `extension-name`: The name of the extension that an `extension://` URL means.
public enum ExtensionNameKey: URLParameterKey {
  public static let name = "extension-name"
  public static let defaultValue: String? = nil
}

/// `extension-type`: The extension point that an `extension://` URL means.
public enum ExtensionTypeKey: URLParameterKey {
  public static let name = "extension-type"
  public static let defaultValue: String? = nil
}

/// `enable-empty-protection`: True: an empty list from the registry does not empty the directory.
public enum EmptyProtectionKey: URLParameterKey {
  public static let name = "enable-empty-protection"
  public static let defaultValue: Bool = true
}

/// `zone`: The zone that the registry stands in.
public enum ZoneKey: URLParameterKey {
  public static let name = "zone"
  public static let defaultValue: String? = nil
}

/// `preferred`: True: this registry comes before the others.
public enum PreferredKey: URLParameterKey {
  public static let name = "preferred"
  public static let defaultValue: Bool = false
}

extension DubboURL {
  /// `registry`: The name or the URL of the registry.
  public var registry: String? {
    get { self[RegistryKey.self] }
    set { self[RegistryKey.self] = newValue }
  }

  /// `namespace`: The registry's namespace.
  public var namespace: String? {
    get { self[NamespaceKey.self] }
    set { self[NamespaceKey.self] = newValue }
  }

  /// `backup`: Further addresses of the same registry.
  public var backup: [String] {
    get { self[BackupKey.self] }
    set { self[BackupKey.self] = newValue }
  }
}

#ifndef DUBBO_COPENSSL_SHIM_H
#define DUBBO_COPENSSL_SHIM_H

#if !__has_include(<openssl/ssl.h>)
#error "dubbo-swift needs OpenSSL: run dev/setup, or `apt-get install libssl-dev`, or `brew install openssl@3`"
#endif
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#if OPENSSL_VERSION_MAJOR < 3
#error "dubbo-swift needs OpenSSL 3.0 or newer: run dev/setup, or upgrade libssl-dev (apt) or openssl@3 (brew)"
#endif

// What OpenSSL has as macros only, which Swift does not see.

// TLS 1.2 and 1.3 without renegotiation and compression, in the server's order of ciphers, and with the suites for 1.2
// that HTTP/2 allows (RFC 9113, 9.2.2); buffers are given back while a connection rests. 1 for success.
static inline int dubbo_ctx_harden(SSL_CTX *context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)
    && SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
}

static inline int dubbo_ctx_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
  return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

static inline int dubbo_ssl_set_server_name(SSL *ssl, const char *name) {
  return (int)SSL_set_tlsext_host_name(ssl, name);
}

// A source of memory that reports its end as "nothing yet", and a sink.
static inline int dubbo_ssl_set_memory(SSL *ssl) {
  BIO *incoming = BIO_new(BIO_s_mem()), *outgoing = BIO_new(BIO_s_mem());
  if (!incoming || !outgoing) {
    BIO_free(incoming);
    BIO_free(outgoing);
    return 0;
  }
  BIO_set_mem_eof_return(incoming, -1);
  SSL_set_bio(ssl, incoming, outgoing);
  return 1;
}

static inline size_t dubbo_bio_pending(BIO *bio) { return BIO_ctrl_pending(bio); }

static inline int dubbo_name_print(BIO *sink, const X509_NAME *name) {
  return X509_NAME_print_ex(sink, name, 0, XN_FLAG_RFC2253);
}

static inline int dubbo_error_reason(unsigned long code) { return ERR_GET_REASON(code); }

// The names of a certificate's extension (RFC 5280, 4.2.1.6). They are freed with GENERAL_NAMES_free.
static inline int dubbo_names_count(GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

// The name at `index`: its kind, GEN_DNS, GEN_URI, GEN_EMAIL or GEN_IPADD, and its bytes; 0 for any other kind.
static inline int dubbo_names_get(GENERAL_NAMES *names, int index, const unsigned char **bytes, int *count) {
  GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  if (!name) return 0;
  ASN1_STRING *text = NULL;
  switch (name->type) {
  case GEN_DNS: text = name->d.dNSName; break;
  case GEN_URI: text = name->d.uniformResourceIdentifier; break;
  case GEN_EMAIL: text = name->d.rfc822Name; break;
  case GEN_IPADD: text = name->d.iPAddress; break;
  default: return 0;
  }
  *bytes = ASN1_STRING_get0_data(text);
  *count = ASN1_STRING_length(text);
  return name->type;
}

#endif

/// Certificates for tests, of two authorities that exist here only; each is valid for a hundred years, unless it is said
/// otherwise. Keys are P-256. Made by the openssl program, like those of `Peers/certs`.
package enum TestCertificates {
  /// The authority of all the others.
  package static let authority = """
    -----BEGIN CERTIFICATE-----
    MIIBpDCCAUugAwIBAgIUSJbTe7CGES9rNVSm88bnj4zauoYwCgYIKoZIzj0EAwIw
    HzEdMBsGA1UEAwwUZHViYm8tc3dpZnQgdGVzdHMgY2EwIBcNMjYxMTI2MTA0NjU5
    WhgPMjEyNjExMDIxMDQ2NTlaMB8xHTAbBgNVBAMMFGR1YmJvLXN3aWZ0IHRlc3Rz
    IGNhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEBDH11NNSkTAs8QNPn7RW/pwo
    UmGbolPPr6u0/njHpCJw70ZyvgsEYwCPjXY7lvE20B1FMNawH/ZSH13kfG0SHKNj
    MGEwHQYDVR0OBBYEFO7CBm0xu2KcZw4M1J1aVoch/4hZMB8GA1UdIwQYMBaAFO7C
    Bm0xu2KcZw4M1J1aVoch/4hZMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQD
    AgEGMAoGCCqGSM49BAMCA0cAMEQCIG94tfVnQD4ze5gUdixFRU9CcawaF4X1bApb
    Yj+pgynsAiAs91G0TRpW2d5R4Krd3cPu/E8UELMGlLyipqhE3tgNog==
    -----END CERTIFICATE-----
    """

  /// An authority that signed none of them.
  package static let otherAuthority = """
    -----BEGIN CERTIFICATE-----
    MIIBsjCCAVegAwIBAgIURiHqL1u/CvhTFJhczYr6kf8on4swCgYIKoZIzj0EAwIw
    JTEjMCEGA1UEAwwaZHViYm8tc3dpZnQgdGVzdHMgb3RoZXItY2EwIBcNMjYxMTI2
    MTA0NzAwWhgPMjEyNjExMDIxMDQ3MDBaMCUxIzAhBgNVBAMMGmR1YmJvLXN3aWZ0
    IHRlc3RzIG90aGVyLWNhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8C3TxmBo
    75N2NFH15tdsC3wKMhC+U0+x+O0zICXZDTHJF7iPO0DY8T9ny8+elN0yRJ073qTm
    PTZPftWB3rRvPqNjMGEwHQYDVR0OBBYEFAovcsq9E/c+lENJmVRbtGr/7kXqMB8G
    A1UdIwQYMBaAFAovcsq9E/c+lENJmVRbtGr/7kXqMA8GA1UdEwEB/wQFMAMBAf8w
    DgYDVR0PAQH/BAQDAgEGMAoGCCqGSM49BAMCA0kAMEYCIQCaqUSZordnW/5dxFjW
    LV8+2J/cJvTex1WXzyhPyCLI1AIhAPZHBMB5r7A0dA7CmkUP8HjGvMfw8vKldKtK
    La2ObsvO
    -----END CERTIFICATE-----
    """

  /// For `localhost`, `*.test.dubbo`, 127.0.0.1 and ::1.
  package static let server = """
    -----BEGIN CERTIFICATE-----
    MIIBxDCCAWqgAwIBAgIUI+aSbI1dbJUNijqQZm3imZiAdA8wCgYIKoZIzj0EAwIw
    HzEdMBsGA1UEAwwUZHViYm8tc3dpZnQgdGVzdHMgY2EwIBcNMjYxMTI2MTA0NzAw
    WhgPMjEyNjExMDIxMDQ3MDBaMCMxDTALBgNVBAoMBFNob3AxEjAQBgNVBAMMCWxv
    Y2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKfnjRhoVGXdfMhu2zmn
    SCdXy1UX0fB6vpv9J9WgfavpB/7embKUxdgU/ta0QLZZnnK7drGpK9SfAVZjbAHq
    fDGjfjB8MDoGA1UdEQQzMDGCCWxvY2FsaG9zdIIMKi50ZXN0LmR1YmJvhwR/AAAB
    hxAAAAAAAAAAAAAAAAAAAAABMB0GA1UdDgQWBBThM6etNcU7Tm08T+vKSPHnZNmg
    2jAfBgNVHSMEGDAWgBTuwgZtMbtinGcODNSdWlaHIf+IWTAKBggqhkjOPQQDAgNI
    ADBFAiAxMLQw+xJHyzKmiAu1T04pMYFck17fRiCiXW9HwlKNIQIhANXMacwiZ2bc
    o0Pfw+1t8S7M9k9MfYDgyyb4yyHPHdON
    -----END CERTIFICATE-----
    """

  package static let serverKey = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIN2qf/H8U3EWjJvVcxeA1p9V6XnGLjg/v014rArEapJMoAoGCCqGSM49
    AwEHoUQDQgAEp+eNGGhUZd18yG7bOadIJ1fLVRfR8Hq+m/0n1aB9q+kH/t6ZspTF
    2BT+1rRAtlmecrt2sakr1J8BVmNsAep8MQ==
    -----END EC PRIVATE KEY-----
    """

  /// For `localhost` and 127.0.0.1; its subject is another one.
  package static let renewed = """
    -----BEGIN CERTIFICATE-----
    MIIBozCCAUigAwIBAgIUI+aSbI1dbJUNijqQZm3imZiAdBAwCgYIKoZIzj0EAwIw
    HzEdMBsGA1UEAwwUZHViYm8tc3dpZnQgdGVzdHMgY2EwIBcNMjYxMTI2MTA0NzAw
    WhgPMjEyNjExMDIxMDQ3MDBaMCExDTALBgNVBAoMBFNob3AxEDAOBgNVBAMMB3Jl
    bmV3ZWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATS+AKSfponofrQsqHdnUCx
    Hb7IJAvb8L5S0noo8bAwd2A6BlerPXCbXYDQaYhqOA1qjddwhf9GzsZiNeGuM7wN
    o14wXDAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwHQYDVR0OBBYEFDwQnwAp
    z4w9Wt8oWgJH6VqIbKRAMB8GA1UdIwQYMBaAFO7CBm0xu2KcZw4M1J1aVoch/4hZ
    MAoGCCqGSM49BAMCA0kAMEYCIQDYJf3LBb7dmTABX2qVoxga+U9S5FoKa1Un5fqd
    bhT/jwIhAPIdyd4MjzCH46iIQTyIwH6FAs27UZ3frWIUhc5dEUw3
    -----END CERTIFICATE-----
    """

  package static let renewedKey = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIBql+AbvDR2qx9Yv2HvJDR7m6VWLDS8cSp8paDLdG7/5oAoGCCqGSM49
    AwEHoUQDQgAE0vgCkn6aJ6H60LKh3Z1AsR2+yCQL2/C+UtJ6KPGwMHdgOgZXqz1w
    m12A0GmIajgNao3XcIX/Rs7GYjXhrjO8DQ==
    -----END EC PRIVATE KEY-----
    """

  /// For `caller.test.dubbo` and `spiffe://test.dubbo/caller`.
  package static let client = """
    -----BEGIN CERTIFICATE-----
    MIIBwDCCAWWgAwIBAgIUI+aSbI1dbJUNijqQZm3imZiAdBEwCgYIKoZIzj0EAwIw
    HzEdMBsGA1UEAwwUZHViYm8tc3dpZnQgdGVzdHMgY2EwIBcNMjYxMTI2MTA0NzAw
    WhgPMjEyNjExMDIxMDQ3MDBaMCAxDTALBgNVBAoMBFNob3AxDzANBgNVBAMMBmNh
    bGxlcjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKQM/O0STGGTWzlEXX87m2+R
    dVyu4gQdS20AtGPwpBQf2Cg8qo0SCjmYow4eO1k08J9PKczOn92c96IMXG1yDTWj
    fDB6MDgGA1UdEQQxMC+CEWNhbGxlci50ZXN0LmR1YmJvhhpzcGlmZmU6Ly90ZXN0
    LmR1YmJvL2NhbGxlcjAdBgNVHQ4EFgQU6vYMF1jmaQ/rQPiN1gOtY0YxENwwHwYD
    VR0jBBgwFoAU7sIGbTG7YpxnDgzUnVpWhyH/iFkwCgYIKoZIzj0EAwIDSQAwRgIh
    ANHItvTQAN3uLX8ATRMRuKssKBK+njESLeRfLjOMo0O7AiEA9u/dg/q58M4HdeYI
    U5G7KnE4+SaOrB/A8bDzkeKeDjs=
    -----END CERTIFICATE-----
    """

  package static let clientKey = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIN9G6/v0N2AbHsIoULZYfqLThGaroTnZtntQ11RIoDG4oAoGCCqGSM49
    AwEHoUQDQgAEpAz87RJMYZNbOURdfzubb5F1XK7iBB1LbQC0Y/CkFB/YKDyqjRIK
    OZijDh47WTTwn08pzM6f3Zz3ogxcbXINNQ==
    -----END EC PRIVATE KEY-----
    """

  /// For `localhost` and 127.0.0.1, valid on the first of January 2020.
  package static let expired = """
    -----BEGIN CERTIFICATE-----
    MIIBgDCCASagAwIBAgIBATAKBggqhkjOPQQDAjAfMR0wGwYDVQQDDBRkdWJiby1z
    d2lmdCB0ZXN0cyBjYTAeFw0yMDAxMDEwMDAwMDBaFw0yMDAxMDIwMDAwMDBaMBQx
    EjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHNK
    8MyBr1YOzFRJPw9UyuHbjMxwNB+VkFPaxy/iJK5Mg2xSwf95kFLfoIq/gff1VOhx
    b/HBl453Qlk3qUJVq4WjXjBcMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAd
    BgNVHQ4EFgQUNYfT4gYNRPu4eX7Hxw/SGeW9sWwwHwYDVR0jBBgwFoAU7sIGbTG7
    YpxnDgzUnVpWhyH/iFkwCgYIKoZIzj0EAwIDSAAwRQIhANHIvmSISO/XdHS3ZePK
    ddRWcZctihA1kqDB9BJEtTtqAiBn8djZSIXZkRX2ZIWN1i448reNUxbKSNT7bbHB
    sRk5eQ==
    -----END CERTIFICATE-----
    """

  package static let expiredKey = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIN64gaN3o8ybhTYZZX5ICSY9g7+SgMKtNtQIs9TFN4L5oAoGCCqGSM49
    AwEHoUQDQgAEc0rwzIGvVg7MVEk/D1TK4duMzHA0H5WQU9rHL+IkrkyDbFLB/3mQ
    Ut+gir+B9/VU6HFv8cGXjndCWTepQlWrhQ==
    -----END EC PRIVATE KEY-----
    """

  /// The key of `server`, under the password `secret`.
  package static let lockedKey = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjuiocpWNxspQICCAAw
    DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEGuWLHTOsqWmlXOh3qkywOwEgZCZ
    Ihj06MXfXuUnhTg7KHip0hhwRw32YLVnx4jK9ghgVcxh6cA6ScSc4ez4XpveUhqc
    nLJk2QLHq+euDOyRYG49BrrlnV8x5NAEBkXHxgmi1ov00tfjaNldO+jfDLFmcwp4
    Vq4EKDRJFUO4yLisHVnFnvgdXVyDtk2gMpodLLZqTIeINgXucwIkNtgO8n7qDEY=
    -----END ENCRYPTED PRIVATE KEY-----
    """
}

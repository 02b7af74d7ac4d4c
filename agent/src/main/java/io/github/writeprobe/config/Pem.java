package io.github.writeprobe.config;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/// Certificates and keys in PEM: PKCS#8, and the older formats of openssl, PKCS#1 and SEC 1.
final class Pem {
    private static final byte[] SAMPLE = {'w', 'r', 'i', 't', 'e', 'p', 'r', 'o', 'b', 'e'};

    /// A text is not the expected PEM; the message says what to do.
    static final class BadPem extends Exception {
        private static final long serialVersionUID = 1;

        BadPem(String remedy) {
            super(remedy);
        }

        String remedy() {
            return String.valueOf(getMessage());
        }
    }

    private Pem() {}

    /// All certificates in a text, in their order.
    static List<X509Certificate> certificates(String text) throws BadPem {
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (Object object : objects(text)) {
                if (object instanceof X509CertificateHolder holder) {
                    certificates.add(converter.getCertificate(holder));
                }
            }
        } catch (CertificateException e) {
            throw damaged();
        }
        if (certificates.isEmpty()) {
            throw new BadPem(
                    "contains no certificate in PEM, which begins with"
                            + " -----BEGIN CERTIFICATE-----");
        }
        return certificates;
    }

    /// The private key in a text.
    static PrivateKey key(String text) throws BadPem {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try {
            for (Object object : objects(text)) {
                switch (object) {
                    case PEMKeyPair pair -> {
                        return converter.getPrivateKey(pair.getPrivateKeyInfo());
                    }
                    case PrivateKeyInfo info -> {
                        return converter.getPrivateKey(info);
                    }
                    case PEMEncryptedKeyPair encrypted -> throw encrypted();
                    case PKCS8EncryptedPrivateKeyInfo encrypted -> throw encrypted();
                    default -> {}
                }
            }
        } catch (IOException | RuntimeException e) {
            throw damaged();
        }
        throw new BadPem(
                "contains no private key in PEM, which begins with -----BEGIN PRIVATE KEY-----");
    }

    private static List<Object> objects(String text) throws BadPem {
        List<Object> objects = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            Optional<Object> object = Optional.ofNullable(parser.readObject());
            while (object.isPresent()) {
                objects.add(object.get());
                object = Optional.ofNullable(parser.readObject());
            }
        } catch (IOException | RuntimeException e) {
            // The parser may throw any exception on invalid input.
            throw damaged();
        }
        return objects;
    }

    private static BadPem damaged() {
        return new BadPem("is damaged or of an unknown kind; create it again");
    }

    private static BadPem encrypted() {
        return new BadPem(
                "contains an encrypted key; decrypt it with openssl pkey -in OLD -out NEW, and"
                        + " protect it by its file mode");
    }

    /// Whether the certificate verifies a signature of the key.
    static boolean isKeyOf(PrivateKey key, X509Certificate certificate) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";

/// @notice What a key generation centre signs for the chain (P1-10), as EIP-712 typed data: domain
/// "Chargepile Registry", version "1", this chain and this contract, so that it holds nowhere else.
abstract contract Certificates is EIP712 {
    /// @notice A certificate for the chain.
    /// @param id keccak256 of the party's name in ASCII
    /// @param company id of the registrar of a pile; 0 for none
    /// @param account secp256k1 account that signs for the party; its own, not the centre's (P1-09)
    /// @param identityKey y_ID: 96 bytes, compressed
    /// @param nodeKey of the encrypted link: 33 bytes, compressed
    /// @param meterKey of a pile, likewise; empty for everybody else
    /// @param ratedPowerW of a pile, 1 or more; 0 for everybody else
    /// @param keyVersion 1 or more; rises with each issue
    /// @param notBefore Unix seconds
    /// @param notAfter the first second at which it no longer holds
    struct Certificate {
        bytes32 id;
        IRegistry.Role role;
        bytes32 company;
        address account;
        bytes identityKey;
        bytes nodeKey;
        bytes meterKey;
        uint64 ratedPowerW;
        uint16 keyVersion;
        uint64 notBefore;
        uint64 notAfter;
    }

    bytes32 private constant CERTIFICATE =
        keccak256(
            "Certificate(bytes32 id,uint8 role,bytes32 company,address account,bytes identityKey,bytes nodeKey,bytes meterKey,uint64 ratedPowerW,uint16 keyVersion,uint64 notBefore,uint64 notAfter)"
        );
    bytes32 private constant POSSESSION =
        keccak256(
            "Possession(bytes32 id,uint8 role,address account,bytes nodeKey,bytes meterKey,uint64 ratedPowerW)"
        );
    bytes32 private constant REVOCATION = keccak256("Revocation(bytes32 id,uint16 keyVersion)");

    uint256 private constant IDENTITY_KEY_BYTES = 96;
    uint256 private constant KEY_BYTES = 33;

    /// @notice The Ethereum key of the key generation centre.
    address public immutable kgc;
    /// @notice SHA-256 fingerprint of that centre's public parameters.
    bytes32 public immutable kgcParameters;

    error NoKgc();
    error MalformedCertificate(string what);
    error NotYetValid(uint64 notBefore);
    error Expired(uint64 notAfter);
    /// @dev Forged, changed, malleated, or made for another chain or contract.
    error NotSignedBy(address expected);

    constructor(address kgc_, bytes32 kgcParameters_) EIP712("Chargepile Registry", "1") {
        if (kgc_ == address(0)) revert NoKgc();
        kgc = kgc_;
        kgcParameters = kgcParameters_;
    }

    /// @notice What the centre signs.
    function certificateDigest(Certificate calldata c) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        CERTIFICATE,
                        c.id,
                        c.role,
                        c.company,
                        c.account,
                        keccak256(c.identityKey),
                        keccak256(c.nodeKey),
                        keccak256(c.meterKey),
                        c.ratedPowerW,
                        c.keyVersion,
                        c.notBefore,
                        c.notAfter
                    )
                )
            );
    }

    /// @notice What the account signs: that it is this party's, before there is a certificate.
    function possessionDigest(Certificate calldata c) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        POSSESSION,
                        c.id,
                        c.role,
                        c.account,
                        keccak256(c.nodeKey),
                        keccak256(c.meterKey),
                        c.ratedPowerW
                    )
                )
            );
    }

    /// @notice What the centre signs to revoke all versions of a party's key up to this one.
    function revocationDigest(bytes32 id, uint16 keyVersion) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REVOCATION, id, keyVersion)));
    }

    /// @dev Whether the centre certified this, it holds now, and the caller shows the account's key,
    /// by being the account or by its signature.
    function _checkCertificate(
        Certificate calldata c,
        bytes calldata kgcSignature,
        bytes calldata possession
    ) internal view {
        _checkForm(c);
        if (block.timestamp < c.notBefore) revert NotYetValid(c.notBefore);
        if (block.timestamp >= c.notAfter) revert Expired(c.notAfter);
        _checkSigned(kgc, certificateDigest(c), kgcSignature);
        if (msg.sender != c.account) _checkSigned(c.account, possessionDigest(c), possession);
    }

    /// @dev 65 bytes, low s: a signature has one form.
    function _checkSigned(address by, bytes32 digest, bytes calldata signature) internal pure {
        (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault != ECDSA.RecoverError.NoError || signer != by) revert NotSignedBy(by);
    }

    function _checkForm(Certificate calldata c) private pure {
        bool pile = c.role == IRegistry.Role.PILE;
        if (c.id == 0 || c.account == address(0)) revert MalformedCertificate("party");
        if (c.role == IRegistry.Role.NONE) revert MalformedCertificate("role");
        if (c.keyVersion == 0) revert MalformedCertificate("keyVersion");
        if (c.identityKey.length != IDENTITY_KEY_BYTES) revert MalformedCertificate("identityKey");
        if (!_isKey(c.nodeKey)) revert MalformedCertificate("nodeKey");
        if (pile ? !_isKey(c.meterKey) : c.meterKey.length != 0) {
            revert MalformedCertificate("meterKey");
        }
        if (pile != (c.ratedPowerW != 0)) revert MalformedCertificate("ratedPowerW");
        if (c.company != 0 && !pile) revert MalformedCertificate("company");
    }

    /// @dev The form of a compressed secp256k1 key; that it is on the curve, the centre has checked.
    function _isKey(bytes calldata key) private pure returns (bool) {
        return key.length == KEY_BYTES && (key[0] == 0x02 || key[0] == 0x03);
    }
}

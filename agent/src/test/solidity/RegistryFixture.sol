// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Registry} from "../../main/solidity/Registry.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {Certificates} from "../../main/solidity/registry/Certificates.sol";
import {Test} from "./foundry/Test.sol";
import {Money} from "./tokens/Money.sol";

/// A registry with a key generation centre, an agency, a court and one contract that raises obligations.
abstract contract RegistryFixture is Test {
    uint64 internal constant MIN_BOND = 100e6;
    /// 0.60 a kWh, owed for 30 hours at most, for each kW.
    uint64 internal constant BOND_PER_KW = 18e6;
    uint64 internal constant CHALLENGE = 1 days;
    uint64 internal constant APPEAL = 3 days;
    uint64 internal constant RULING = 7 days;
    uint64 internal constant NOW = 1_780_000_000;

    uint256 internal kgcKey;
    uint256 internal companyKey;
    uint256 internal pileKey;
    uint256 internal driverKey;
    address internal kgc;
    address internal company;
    address internal pile;
    address internal driver;
    address internal agency;
    address internal court;
    address internal market;
    address internal stranger;
    Money internal money;
    Registry internal registry;

    bytes32 internal constant COMPANY = keccak256("piles-ltd");
    bytes32 internal constant PILE = keccak256("pile-1");
    bytes32 internal constant DRIVER = keccak256("alice");

    function setUp() public virtual {
        vm.warp(NOW);
        (kgcKey, kgc) = keyOf("kgc");
        (companyKey, company) = keyOf("company");
        (pileKey, pile) = keyOf("pile");
        (driverKey, driver) = keyOf("driver");
        agency = accountOf("agency");
        court = accountOf("court");
        market = accountOf("market");
        stranger = accountOf("stranger");
        money = new Money();
        registry = new Registry(terms());
        fund(company, 1_000_000e6);
    }

    function terms() internal view returns (Registry.Terms memory) {
        address[] memory obligors = new address[](1);
        obligors[0] = market;
        return Registry.Terms({
            token: IERC20(address(money)),
            kgc: kgc,
            kgcParameters: keccak256("parameters"),
            agency: agency,
            court: court,
            minBond: MIN_BOND,
            bondPerKw: BOND_PER_KW,
            longestChallenge: CHALLENGE,
            appealWindow: APPEAL,
            rulingWindow: RULING,
            obligors: obligors
        });
    }

    function fund(address account, uint256 amount) internal {
        money.mint(account, amount);
        vm.prank(account);
        money.approve(address(registry), type(uint256).max);
    }

    function certificate(bytes32 id, IRegistry.Role role, address account)
        internal
        pure
        returns (Certificates.Certificate memory c)
    {
        c.id = id;
        c.role = role;
        c.account = account;
        c.identityKey = abi.encodePacked(keccak256(abi.encode("y", id)), bytes32(0), bytes32(0));
        c.nodeKey = abi.encodePacked(uint8(2), keccak256(abi.encode("node", id)));
        c.keyVersion = 1;
        c.notBefore = NOW - 1 days;
        c.notAfter = NOW + 365 days;
    }

    function pileCertificate(uint64 ratedPowerW) internal view returns (Certificates.Certificate memory c) {
        c = certificate(PILE, IRegistry.Role.PILE, pile);
        c.company = COMPANY;
        c.meterKey = abi.encodePacked(uint8(3), keccak256("meter"));
        c.ratedPowerW = ratedPowerW;
    }

    function certified(Certificates.Certificate memory c) internal view returns (bytes memory) {
        return sign(kgcKey, registry.certificateDigest(c));
    }

    function possessed(uint256 key, Certificates.Certificate memory c) internal view returns (bytes memory) {
        return sign(key, registry.possessionDigest(c));
    }

    function registerCompany() internal {
        Certificates.Certificate memory c = certificate(COMPANY, IRegistry.Role.COMPANY, company);
        bytes memory signature = certified(c);
        vm.prank(company);
        registry.register(c, signature, "");
    }

    function registerPile(Certificates.Certificate memory c) internal {
        bytes memory signature = certified(c);
        bytes memory possession = possessed(pileKey, c);
        vm.prank(company);
        registry.register(c, signature, possession);
    }

    function registerDriver() internal {
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, driver);
        bytes memory signature = certified(c);
        vm.prank(driver);
        registry.register(c, signature, "");
    }

    /// What the driver signs when the pile has harmed it.
    function complained(uint128 amount, bytes32 evidence) internal view returns (bytes memory) {
        return sign(driverKey, registry.complaintDigest(PILE, amount, DRIVER, evidence));
    }

    /// The other signature of the same key and digest: s mirrored.
    function malleated(bytes memory signature) internal pure returns (bytes memory) {
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        (bytes32 r, uint256 s, uint8 v) = (0, 0, 0);
        assembly ("memory-safe") {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
        return abi.encodePacked(r, n - s, v == 27 ? uint8(28) : uint8(27));
    }

    function bondOf(bytes32 id) internal view returns (uint256) {
        return registry.party(id).bond;
    }
}

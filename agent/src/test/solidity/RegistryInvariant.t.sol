// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Registry} from "../../main/solidity/Registry.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {Certificates} from "../../main/solidity/registry/Certificates.sol";
import {Verdicts} from "../../main/solidity/registry/Verdicts.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {Money} from "./tokens/Money.sol";
import {OddMoney} from "./tokens/OddMoney.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// Does what parties, agency, court, market and time can do to a registry, in any order, and keeps its own
/// accounts of what must have come of it.
contract RegistryLife is RegistryFixture {
    uint256 private constant PILES = 3;
    uint64[4] private POWERS = [uint64(7_000), 22_000, 60_000, 350_000];

    OddMoney public odd;
    uint256 public put;
    uint256 public taken;
    uint256 public finalVerdicts;
    uint256 public slashes;
    uint256 public accusations;
    uint256 public releases;
    uint256 public releasesClaimed;
    uint256 public verdictsClaimed;
    bool private companyRefused;
    mapping(bytes32 => uint16) private versions;

    constructor() {
        setUp();
        odd = new OddMoney();
        Registry.Terms memory t = terms();
        t.token = IERC20(address(odd));
        registry = new Registry(t);
        odd.mint(company, 1e30);
        vm.prank(company);
        odd.approve(address(registry), type(uint256).max);
        registerCompany();
        registerDriver();
    }

    function theRegistry() external view returns (Registry) {
        return registry;
    }

    function idAt(uint256 i) public pure returns (bytes32) {
        return keccak256(abi.encode("pile", i % PILES));
    }

    function ownerOfPiles() external view returns (address) {
        return company;
    }

    function payee() external view returns (address) {
        return driver;
    }

    function register(uint256 i, uint256 power) external {
        bytes32 id = idAt(i);
        IRegistry.Party memory p = registry.party(id);
        if (p.unlockAt != 0 || companyRefused) return;
        (uint256 key, address account) = keyOf(string(abi.encodePacked("pile", id)));
        Certificates.Certificate memory c = certificate(id, IRegistry.Role.PILE, account);
        c.company = COMPANY;
        c.meterKey = c.nodeKey;
        c.ratedPowerW = POWERS[power % 4];
        c.keyVersion = ++versions[id];
        c.notAfter = type(uint64).max;
        bytes memory signature = certified(c);
        bytes memory possession = possessed(key, c);
        uint256 before = odd.balanceOf(address(registry));
        vm.prank(company);
        registry.register(c, signature, possession);
        put += odd.balanceOf(address(registry)) - before;
    }

    function topUp(uint256 i, uint64 amount) external {
        IRegistry.Party memory p = registry.party(idAt(i));
        if (p.role == IRegistry.Role.NONE || p.unlockAt != 0 || companyRefused) return;
        vm.prank(company);
        registry.topUp(idAt(i), amount);
        put += amount;
    }

    function owe(uint256 i) external {
        if (!registry.isActive(idAt(i))) return;
        vm.prank(market);
        registry.raiseObligation(idAt(i));
    }

    function settle(uint256 i) external {
        if (registry.obligationsFrom(idAt(i), market) == 0) return;
        vm.prank(market);
        registry.lowerObligation(idAt(i));
    }

    function deregister(uint256 i) external {
        IRegistry.Party memory p = registry.party(idAt(i));
        if (p.role == IRegistry.Role.NONE || p.unlockAt != 0) return;
        vm.prank(company);
        if (p.obligations != 0) {
            vm.expectRevert(abi.encodeWithSelector(Registry.OpenObligations.selector, idAt(i), p.obligations));
        }
        registry.deregister(idAt(i));
    }

    function release(uint256 i) external {
        IRegistry.Party memory p = registry.party(idAt(i));
        if (p.unlockAt == 0 || block.timestamp < p.unlockAt || accused(i)) return;
        registry.release(idAt(i));
        taken += p.bond;
        releases++;
    }

    function accuse(uint256 i, uint128 amount) external {
        IRegistry.Party memory p = registry.party(idAt(i));
        if (p.bond == 0 || accused(i) || (p.unlockAt != 0 && block.timestamp >= p.unlockAt)) return;
        amount = uint128(bound(amount, 1, p.bond));
        bytes32 evidence = keccak256(abi.encode("evidence", ++accusations));
        bytes memory byHarmed = sign(driverKey, registry.complaintDigest(idAt(i), amount, DRIVER, evidence));
        vm.prank(agency);
        registry.accuse(idAt(i), amount, DRIVER, evidence, byHarmed);
    }

    function appeal(uint256 i) external {
        Verdicts.Verdict memory v = registry.verdictOn(idAt(i));
        if (v.stage != Verdicts.Stage.OPEN || block.timestamp >= v.deadline) return;
        vm.prank(company);
        registry.appeal(idAt(i));
    }

    function rule(uint256 i, bool upheld) external {
        Verdicts.Verdict memory v = registry.verdictOn(idAt(i));
        if (v.stage != Verdicts.Stage.APPEALED || block.timestamp >= v.deadline) return;
        vm.prank(court);
        registry.rule(idAt(i), upheld);
    }

    function conclude(uint256 i) external {
        Verdicts.Verdict memory v = registry.verdictOn(idAt(i));
        bool over = v.stage == Verdicts.Stage.UPHELD || block.timestamp >= v.deadline;
        if (v.stage == Verdicts.Stage.NONE || !over) return;
        uint256 bond = bondOf(idAt(i));
        registry.conclude(idAt(i));
        if (v.stage != Verdicts.Stage.APPEALED) finalVerdicts += v.amount;
        slashes += bond - bondOf(idAt(i));
    }

    function blackListOrNot(bool listed, bool theCompany) external {
        if (listed) odd.blackList(theCompany ? company : driver);
        else odd.become(OddMoney.Quirk.None);
        companyRefused = listed && theCompany;
    }

    function claim(bool theCompany) external {
        address who = theCompany ? company : driver;
        if (odd.quirk() != OddMoney.Quirk.None || registry.owed(who, address(odd)) == 0) return;
        if (theCompany) releasesClaimed++;
        else verdictsClaimed++;
        vm.prank(who);
        registry.claim(address(odd), who);
    }

    function wait_(uint32 seconds_) external {
        vm.warp(block.timestamp + bound(seconds_, 1, 4 days));
    }

    function accused(uint256 i) private view returns (bool) {
        return registry.verdictOn(idAt(i)).stage != Verdicts.Stage.NONE;
    }
}

/// What holds of a registry whatever was done to it (P1-11).
contract RegistryInvariantTest is RegistryFixture {
    RegistryLife private life;

    function setUp() public override {
        life = new RegistryLife();
        bytes4[] memory selectors = new bytes4[](13);
        selectors[0] = RegistryLife.register.selector;
        selectors[1] = RegistryLife.topUp.selector;
        selectors[2] = RegistryLife.owe.selector;
        selectors[3] = RegistryLife.settle.selector;
        selectors[4] = RegistryLife.deregister.selector;
        selectors[5] = RegistryLife.release.selector;
        selectors[6] = RegistryLife.accuse.selector;
        selectors[7] = RegistryLife.appeal.selector;
        selectors[8] = RegistryLife.rule.selector;
        selectors[9] = RegistryLife.conclude.selector;
        selectors[10] = RegistryLife.blackListOrNot.selector;
        selectors[11] = RegistryLife.claim.selector;
        selectors[12] = RegistryLife.wait_.selector;
        targetSelectors(address(life), selectors);
    }

    /// One property, because each is run through histories of its own.
    function invariant_bondsAreSafe() public view {
        theBalanceIsBondsAndWhatIsOwed();
        aBondGoesByReleaseOrFinalVerdictOnly();
        activeMeansBondedAndObligationsMeanStaying();
    }

    /// The life above is worth something only if it gets everywhere.
    function test_everyWayIsGone() public {
        uint256 seed = 1;
        uint256[5] memory ways;
        for (uint256 i = 0; i < 900; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            step(seed % 20, seed >> 8);
        }
        invariant_bondsAreSafe();
        ways = [life.releases(), life.slashes(), life.accusations(), life.releasesClaimed(), life.verdictsClaimed()];
        for (uint256 i = 0; i < ways.length; i++) assertGt(ways[i], 0, vm.toString(i));
    }

    function step(uint256 what, uint256 seed) private {
        bool flag = seed & 1 == 1;
        uint256 which = seed >> 8;
        if (what < 3) life.register(which, seed >> 16);
        else if (what == 3) life.topUp(which, uint64(seed >> 16));
        else if (what == 4) life.owe(which);
        else if (what < 7) life.settle(which);
        else if (what < 9) life.deregister(which);
        else if (what < 11) life.release(which);
        else if (what < 13) life.accuse(which, uint128(seed >> 16));
        else if (what == 13) life.appeal(which);
        else if (what == 14) life.rule(which, flag);
        else if (what == 15) life.conclude(which);
        else if (what == 16) life.blackListOrNot(flag, seed & 2 == 2);
        else if (what == 17) life.claim(flag);
        else life.wait_(uint32(seed >> 16));
    }

    function theBalanceIsBondsAndWhatIsOwed() private view {
        Registry r = life.theRegistry();
        IERC20 odd = IERC20(address(life.odd()));
        uint256 owed = r.owed(life.payee(), address(odd)) + r.owed(life.ownerOfPiles(), address(odd));
        assertEq(odd.balanceOf(address(r)), bonds() + owed, "balance");
    }

    function aBondGoesByReleaseOrFinalVerdictOnly() private view {
        assertEq(bonds() + life.taken() + life.finalVerdicts(), life.put(), "put in = bonds + released + lost");
        assertEq(life.slashes(), life.finalVerdicts(), "slashed = judged");
    }

    function activeMeansBondedAndObligationsMeanStaying() private view {
        Registry r = life.theRegistry();
        for (uint256 i = 0; i < 3; i++) {
            IRegistry.Party memory p = r.party(life.idAt(i));
            if (r.isActive(life.idAt(i))) assertGe(p.bond, r.bondFor(p.ratedPowerW), "bond");
            if (p.obligations != 0) assertEq(p.unlockAt, 0, "no leaving");
        }
    }

    function bonds() private view returns (uint256 sum) {
        for (uint256 i = 0; i < 3; i++) sum += life.theRegistry().party(life.idAt(i)).bond;
    }
}

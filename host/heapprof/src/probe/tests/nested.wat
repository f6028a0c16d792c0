;; A realloc that calls malloc and free, as most do. It never writes to its parameters; malloc
;; does. To make a block empty is to give it back.
(component
  (core module $m
    (memory 1)
    (global $next (mut i32) (i32.const 1024))
    (func $malloc (param $size i32) (result i32)
      (local.set $size (i32.mul (local.get $size) (i32.const 2)))
      global.get $next
      (global.set $next (i32.add (global.get $next) (local.get $size))))
    (func $free (param $block i32))
    (func $realloc (param $block i32) (param $size i32) (result i32)
      (call $free (local.get $block))
      (if (i32.eqz (local.get $size)) (then (return (i32.const 0))))
      (call $malloc (local.get $size)))
    (func $run
      (drop (call $realloc (call $malloc (i32.const 10)) (i32.const 20)))
      (drop (call $realloc (call $malloc (i32.const 5)) (i32.const 0)))
      (drop (call $malloc (i32.const 7))))
    (export "run" (func $run)))
  (core instance $i (instantiate $m))
  (func (export "run") (canon lift (core func $i "run"))))

;; A component of two others, each with a memory and a malloc of its own that hand out the
;; same addresses; the second one's work calls that of the first.
(component
  (component $first
    (core module $m
      (memory 1)
      (global $next (mut i32) (i32.const 1024))
      (func $malloc (param $size i32) (result i32)
        global.get $next
        (global.set $next (i32.add (global.get $next) (local.get $size))))
      (func $free (param i32))
      (func $first_work
        (call $free (call $malloc (i32.const 20))))
      (export "work" (func $first_work)))
    (core instance $i (instantiate $m))
    (func (export "work") (canon lift (core func $i "work"))))
  (component $second
    (import "work" (func $work))
    (core func $work_lowered (canon lower (func $work)))
    (core module $m
      (import "first" "work" (func $work))
      (memory 1)
      (global $next (mut i32) (i32.const 1024))
      (func $malloc (param $size i32) (result i32)
        global.get $next
        (global.set $next (i32.add (global.get $next) (local.get $size))))
      (func $free (param i32))
      (func $second_run
        (drop (call $malloc (i32.const 10)))
        call $work)
      (export "run" (func $second_run)))
    (core instance $i (instantiate $m
      (with "first" (instance (export "work" (func $work_lowered))))))
    (func (export "run") (canon lift (core func $i "run"))))
  (instance $a (instantiate $first))
  (alias export $a "work" (func $work))
  (instance $b (instantiate $second (with "work" (func $work))))
  (alias export $b "run" (func $run))
  (export "run" (func $run)))
